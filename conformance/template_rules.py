#!/usr/bin/env python3
"""Rules for template.yaml that `sam validate --lint` and cfn-lint let pass.

    python3 conformance/template_rules.py [template.yaml]     one line per rule
    python3 conformance/template_rules.py --self-test         each rule can fail

Needs PyYAML, which comes with aws-sam-cli and cfn-lint.
"""

import copy
import json
import sys
from pathlib import Path

import yaml

# Actions that have no resource to name, with the page that says so: the
# service's table in AWS's Service Authorization Reference.
NO_RESOURCE = {
    "xray:PutTraceSegments": "X-Ray: write actions take no resource",
    "xray:PutTelemetryRecords": "X-Ray: write actions take no resource",
    "cloudwatch:DescribeAlarms": "as in AWSCodeDeployRoleForLambdaLimited, which CodeDeploy is tried with",
    "ec2:AssignPrivateIpAddresses": "checked by Lambda on every interface",
    "ec2:CreateNetworkInterface": "checked by Lambda on every subnet",
    "ec2:DeleteNetworkInterface": "checked by Lambda on every interface",
    "ec2:DescribeNetworkInterfaces": "EC2: Describe actions take no resource",
    "ec2:DescribeSubnets": "EC2: Describe actions take no resource",
    "ec2:UnassignPrivateIpAddresses": "checked by Lambda on every interface",
}
# What an access log may hold without telling who was where, or a key.
HARMLESS_CONTEXT = {
    "requestId", "requestTime", "requestTimeEpoch", "routeKey", "status", "protocol", "stage",
    "responseLength", "responseLatency", "integrationStatus", "integrationLatency",
    "integrationErrorMessage", "error.responseType",
}
RUNBOOK = Path(__file__).parent.parent / "docs" / "RUNBOOK.md"
RULES = []


class Loader(yaml.SafeLoader):
    """Reads `!Sub x` as `{Fn::Sub: x}`."""


def _intrinsic(loader, suffix, node):
    construct = {
        yaml.ScalarNode: loader.construct_scalar,
        yaml.SequenceNode: lambda n: loader.construct_sequence(n, deep=True),
        yaml.MappingNode: lambda n: loader.construct_mapping(n, deep=True),
    }[type(node)]
    value = construct(node)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


Loader.add_multi_constructor("!", _intrinsic)


class Template:
    def __init__(self, tree):
        self.tree = tree
        self.globals = tree.get("Globals", {}).get("Function", {})

    def of_type(self, kind):
        return {
            name: resource.get("Properties", {})
            for name, resource in self.tree["Resources"].items()
            if resource["Type"] == kind
        }

    def functions(self):
        return self.of_type("AWS::Serverless::Function")

    def sources(self):
        """(function, its properties, event's properties, queue's properties) of each SQS event."""
        queues = self.of_type("AWS::SQS::Queue")
        for name, function in self.functions().items():
            for event in function.get("Events", {}).values():
                if event["Type"] == "SQS":
                    properties = event["Properties"]
                    yield name, function, properties, queues[target(properties["Queue"])]

    def schedules(self):
        """(function, its properties, event's id, event's properties, its input) of each schedule."""
        for name, function in self.functions().items():
            for event_id, event in function.get("Events", {}).items():
                if event["Type"] == "ScheduleV2":
                    properties = event["Properties"]
                    yield name, function, event_id, properties, json.loads(properties.get("Input", "{}"))

    def least(self, value):
        """The least number that a value can be deployed with."""
        if isinstance(value, dict):
            parameter = self.tree["Parameters"][value["Ref"]]
            value = parameter.get("MinValue", min(parameter.get("AllowedValues", [parameter["Default"]])))
        return int(value)

    def refuses(self, given):
        """Whether a rule of the template refuses these values, the others having their defaults."""
        values = {}
        for name, parameter in self.tree["Parameters"].items():
            value = str(given.get(name, parameter.get("Default", "")))
            values[name] = value.split(",") if parameter["Type"] == "CommaDelimitedList" else value
        return any(
            holds(rule_.get("RuleCondition", True), values)
            and not all(holds(assertion["Assert"], values) for assertion in rule_["Assertions"])
            for rule_ in self.tree.get("Rules", {}).values()
        )

    def statements(self):
        """(where, statement) of every policy in the template."""
        for name, resource in self.tree["Resources"].items():
            for statement in find_statements(resource.get("Properties", {})):
                yield name, statement


def holds(value, values):
    """A function of a template's rule, evaluated with the values of the parameters."""
    if not isinstance(value, dict):
        return value
    ((function, argument),) = value.items()
    if function == "Ref":
        return values[argument]
    arguments = [holds(a, values) for a in argument]
    return {
        "Fn::Equals": lambda: arguments[0] == arguments[1],
        "Fn::Not": lambda: not arguments[0],
        "Fn::And": lambda: all(arguments),
        "Fn::Or": lambda: any(arguments),
        "Fn::EachMemberEquals": lambda: all(member == arguments[1] for member in arguments[0]),
    }[function]()


def find_statements(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from as_list(inner) if key == "Statement" else find_statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find_statements(inner)


def as_list(value):
    return value if isinstance(value, list) else [value]


def target(value):
    """The logical id that a Ref or GetAtt leads to."""
    if not isinstance(value, dict):
        return None
    return value.get("Ref") or value.get("Fn::GetAtt", [None])[0]


def rule(text):
    """A rule yields what breaks it."""
    return lambda check: RULES.append((text, check)) or check


@rule("SQS sources report partial failures, spelled as Lambda reads it")
def response_types(t):
    for name, _, event, _ in t.sources():
        if event.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield name


@rule("a batch above 10 has a window of at least 1 s")
def window(t):
    for name, _, event, _ in t.sources():
        if t.least(event.get("BatchSize", 10)) > 10 and t.least(event.get("MaximumBatchingWindowInSeconds", 0)) < 1:
            yield name


@rule("visibility is at least 6 times the function's time-out plus the window")
def visibility(t):
    for name, function, event, queue in t.sources():
        timeout = t.least(function.get("Timeout", t.globals.get("Timeout", 3)))
        needed = 6 * timeout + t.least(event.get("MaximumBatchingWindowInSeconds", 0))
        if t.least(queue.get("VisibilityTimeout", 30)) < needed:
            yield f"{name} needs {needed} s"


@rule("a queue that feeds a function gives up after 5 receives or more, to a dead-letter queue")
def redrive(t):
    for name, _, _, queue in t.sources():
        policy = queue.get("RedrivePolicy", {})
        if t.least(policy.get("maxReceiveCount", 0)) < 5 or not target(policy.get("deadLetterTargetArn")):
            yield name


@rule("a dead-letter queue keeps messages longer than its source")
def dead_letter_retention(t):
    queues = t.of_type("AWS::SQS::Queue")
    for name, queue in queues.items():
        dead = target(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn"))
        kept = [t.least(q.get("MessageRetentionPeriod", 345600)) for q in (queue, queues.get(dead, {}))]
        if dead and kept[1] <= kept[0]:
            yield name


@rule("every function has a role of this template (SAM's own roles reach the whole account)")
def roles(t):
    for name, function in t.functions().items():
        role = t.tree["Resources"].get(target(function.get("Role")), {})
        if role.get("Type") != "AWS::IAM::Role" or "ManagedPolicyArns" in role["Properties"] or "Policies" in function:
            yield name


@rule("a function's role may join a VPC where the function does, and nowhere else")
def joins_vpc(t):
    for name, function in t.functions().items():
        role = t.tree["Resources"].get(target(function.get("Role")))
        if role:
            choices = [policy["Fn::If"] for policy in role["Properties"]["Policies"] if "Fn::If" in policy]
            rights = [when for when, policy, _ in choices if policy.get("PolicyName") == "join-vpc"]
            if rights != function.get("VpcConfig", {}).get("Fn::If", [])[:1]:
                yield name


@rule("no wildcard in an allowed action")
def actions(t):
    for name, statement in t.statements():
        if statement["Effect"] == "Allow":
            yield from (f"{name} {a}" for a in as_list(statement["Action"]) if "*" in a)


@rule("no wildcard resource where AWS lets one be named")
def policy_resources(t):
    for name, statement in t.statements():
        if statement["Effect"] == "Allow" and "*" in as_list(statement.get("Resource", [])):
            yield from (f"{name} {a}" for a in as_list(statement["Action"]) if a not in NO_RESOURCE)


@rule("queues, buckets and streams are encrypted")
def encryption(t):
    keys = {
        "AWS::SQS::Queue": ("SqsManagedSseEnabled", "KmsMasterKeyId"),
        "AWS::S3::Bucket": ("BucketEncryption",),
        "AWS::KinesisFirehose::DeliveryStream": ("DeliveryStreamEncryptionConfigurationInput",),
    }
    for kind, properties in keys.items():
        yield from (n for n, r in t.of_type(kind).items() if not any(r.get(p) for p in properties))


@rule("queues, buckets and topics refuse anything but TLS")
def tls_only(t):
    guarded = set()
    policies = {
        "AWS::SQS::QueuePolicy": ("Queues", "sqs:*"),
        "AWS::S3::BucketPolicy": ("Bucket", "s3:*"),
        # A topic's policy may name no wildcard of actions.
        "AWS::SNS::TopicPolicy": ("Topics", "sns:Publish"),
    }
    for kind, (key, action) in policies.items():
        for policy in t.of_type(kind).values():
            for s in find_statements(policy):
                secure = s.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
                whole = s["Action"] == action and s.get("Principal") == "*"
                if s["Effect"] == "Deny" and whole and str(secure).lower() == "false":
                    guarded.update(target(q) for q in as_list(policy[key]))
    kinds = ("AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::SNS::Topic")
    yield from {name for kind in kinds for name in t.of_type(kind)} - guarded


@rule("buckets block public access")
def public_access(t):
    blocks = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    for name, bucket in t.of_type("AWS::S3::Bucket").items():
        if not all(bucket.get("PublicAccessBlockConfiguration", {}).get(b) is True for b in blocks):
            yield name


@rule("every log group has a retention, and every function logs to one of them")
def retention(t):
    groups = t.of_type("AWS::Logs::LogGroup")
    yield from (name for name, group in groups.items() if "RetentionInDays" not in group)
    for name, function in t.functions().items():
        if target(function.get("LoggingConfig", {}).get("LogGroup")) not in groups:
            yield name


@rule("the API throttles, and its access log holds neither address, path, query nor header")
def api(t):
    for name, properties in t.of_type("AWS::Serverless::HttpApi").items():
        settings = properties.get("DefaultRouteSettings", {})
        if not ("ThrottlingRateLimit" in settings and "ThrottlingBurstLimit" in settings):
            yield f"{name} has no throttling"
        log = properties.get("AccessLogSettings", {}).get("Format", "$context.none")
        fields = (part.split('"')[0] for part in log.split("$context.")[1:])
        yield from (f"{name} logs {field}" for field in fields if field not in HARMLESS_CONTEXT)


@rule("a schedule has a role of this template, and tells when it was due")
def schedule_inputs(t):
    for name, _, event_id, properties, told in t.schedules():
        role = t.tree["Resources"].get(target(properties.get("RoleArn")), {})
        if role.get("Type") != "AWS::IAM::Role" or "<aws.scheduler.scheduled-time>" not in told.values():
            yield f"{name} {event_id}"


@rule("a schedule leaves its name to CloudFormation, or has the stack's name in it")
def schedule_names(t):
    for name, _, event_id, properties, _ in t.schedules():
        named = properties.get("Name", {})
        own = isinstance(named, dict) and "${AWS::StackName}" in str(named.get("Fn::Sub"))
        if properties.get("OmitName") is not True and not own:
            yield f"{name} {event_id}"


@rule("a function that is woken ahead lives to the end of its minute")
def lead(t):
    for name, function, event_id, _, told in t.schedules():
        if "lead_minutes" in told and t.least(function["Timeout"]) < 60 * (told["lead_minutes"] + 1):
            yield f"{name} {event_id}"


@rule("parameters that contradict each other are refused, and no others")
def contradictions(t):
    host, resource = {"DbHost": "db.example.com"}, {"DbResourceId": "cluster-A1"}
    url = {"DatabaseUrl": "mysql://u:p@db.example.com/punctual"}
    subnets, groups = {"VpcSubnetIds": "subnet-1,subnet-2"}, {"SecurityGroupIds": "sg-1"}
    cases = {
        True: [host, {**host, **resource, **url}, subnets, groups, {**url, **subnets}],
        False: [{}, {**host, **resource}, url, {**subnets, **groups}, {**host, **resource, **subnets, **groups}],
    }
    for wrong, all_given in cases.items():
        yield from (", ".join(given) or "defaults" for given in all_given if t.refuses(given) != wrong)


@rule("two wakes open a minute's lessons, both early enough for a trigger that is a minute late")
def wakes(t):
    leads = [told.get("lead_minutes", 0) for name, *_, told in t.schedules() if name == "SchedulePublish"]
    if len(leads) != 2 or len(set(leads)) != 2 or min(leads) < 2:
        yield "SchedulePublish"


@rule("run sheets are computed apart: as many at once as are reserved, by default some")
def computed_apart(t):
    reserved = t.functions()["Actions"].get("ReservedConcurrentExecutions", {})
    condition, given, otherwise = reserved.get("Fn::If", [None, {}, None])
    parameter = given.get("Ref", "")
    none_is_zero = t.tree["Conditions"].get(condition) == {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, "0"]}]}
    some = int(t.tree["Parameters"].get(parameter, {}).get("Default", 0)) > 0
    if not (none_is_zero and some and otherwise == {"Ref": "AWS::NoValue"}):
        yield "Actions"


@rule("a function behind the API ends before the API gives its answer up, after 30 s")
def ends_before_the_api(t):
    for name, function in t.functions().items():
        routes = [e for e in function.get("Events", {}).values() if e["Type"] == "HttpApi"]
        if routes and t.least(function.get("Timeout", t.globals.get("Timeout", 3))) >= 30:
            yield name


@rule("every function is invoked by its alias, which any change of it moves to a new version")
def aliases(t):
    for name, function in t.functions().items():
        alias = function.get("AutoPublishAlias", t.globals.get("AutoPublishAlias"))
        if not alias or function.get("AutoPublishAliasAllProperties") is not True:
            yield name
            continue
        for where, statement in t.statements():
            # By its own ARN one would call the newest version, live or not.
            if "lambda:InvokeFunction" in as_list(statement["Action"]):
                wanted = [{"Fn::Sub": f"${{{other}.Arn}}:{alias}"} for other in t.functions()]
                if not all(resource in wanted for resource in as_list(statement["Resource"])):
                    yield where


@rule("traffic of what phones, riders and the queue call moves gradually, and back by alarms on the version it moves to")
def gradual(t):
    alarms = t.of_type("AWS::CloudWatch::Alarm")
    for name in ["TraceIngest", "TraceForward", "Actions"]:
        preference = t.functions()[name].get("DeploymentPreference", {})
        named = [metrics(alarms[target(alarm)]) for alarm in preference.get("Alarms", [])]
        version = {"Fn::GetAtt": [name, "Version.Version"]}
        on_it = all(any(d["Value"] == version for d in m["Dimensions"]) for alarm in named for m in alarm)
        # What Lambda counts as errors is not all: a 503 is an answer to it.
        watched = {m["MetricName"] for alarm in named for m in alarm}
        default = t.tree["Parameters"].get(target(preference.get("Type")), {}).get("Default", "AllAtOnce")
        if default == "AllAtOnce" or not on_it or not watched >= {"Errors", "Failures"}:
            yield name


@rule("an alarm rolls a deployment back, or tells the alert topic, also of its end, and names its part of the runbook")
def tells(t):
    headings = {anchor(line) for line in RUNBOOK.read_text(encoding="utf-8").splitlines() if line.startswith("#")}
    preferences = [f.get("DeploymentPreference", {}).get("Alarms", []) for f in t.functions().values()]
    roll_back = {target(alarm) for alarms in preferences for alarm in alarms}
    for name, alarm in t.of_type("AWS::CloudWatch::Alarm").items():
        if name in roll_back:
            continue
        told = [target(topic) for kind in ("AlarmActions", "OKActions") for topic in alarm.get(kind, [])]
        said = alarm["AlarmDescription"].get("Fn::Sub", "") if isinstance(alarm["AlarmDescription"], dict) else ""
        if told != ["AlertTopic"] * 2 or said.partition(" What to do: ${RunbookUrl}#")[2] not in headings:
            yield name


@rule("whoever is told may publish: the alert topic lets alarms in")
def alarms_may_publish(t):
    for name, policy in t.of_type("AWS::SNS::TopicPolicy").items():
        allowed = [s for s in as_list(policy["PolicyDocument"]["Statement"]) if s["Effect"] == "Allow"]
        if not any(s["Principal"] == {"Service": "cloudwatch.amazonaws.com"} for s in allowed):
            yield name


def anchor(heading):
    """As GitHub makes one of a heading."""
    kept = "".join(c for c in heading.lstrip("#").strip().lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def metrics(alarm):
    return [m["MetricStat"]["Metric"] for m in alarm["Metrics"] if "MetricStat" in m] if "Metrics" in alarm else [alarm]


def check(tree, report):
    """Reports each rule; gives the texts of the broken ones."""
    broken = []
    for text, rule_check in RULES:
        found = sorted(rule_check(Template(tree)))
        report(f"{'FAIL' if found else 'ok  '} {text}{': ' + ', '.join(found) if found else ''}")
        if found:
            broken.append(text)
    return broken


def mutations():
    """One way to break each rule: in which resource (None: outside of them), where, and what to put there
    (None: remove)."""
    ingest, forward, queue = "TraceIngest", "TraceForward", "TraceQueue"
    event = ["Events", "Traces", "Properties"]
    statement = ["Policies", 0, "PolicyDocument", "Statement", 0]
    deny = ["PolicyDocument", "Statement", 0, "Condition"]
    log = ["AccessLogSettings", "Format"]
    late = '{"slot": "<aws.scheduler.scheduled-time>", "lead_minutes": 1}'
    return {
        response_types: (forward, [*event, "FunctionResponseTypes"], ["ReportBatchItemFailure"]),
        window: (forward, [*event, "MaximumBatchingWindowInSeconds"], 0),
        visibility: (queue, ["VisibilityTimeout"], 359),
        redrive: (queue, ["RedrivePolicy", "maxReceiveCount"], 3),
        dead_letter_retention: (queue, ["MessageRetentionPeriod"], 1209600),
        roles: (ingest, ["Role"], None),
        joins_vpc: (ingest, ["VpcConfig", "Fn::If", 0], "InVpc"),
        actions: ("TraceIngestRole", [*statement, "Action"], "sqs:*"),
        policy_resources: ("TraceIngestRole", [*statement, "Resource"], "*"),
        encryption: (queue, ["SqsManagedSseEnabled"], None),
        tls_only: ("DataBucketPolicy", deny, {"Bool": {"aws:SecureTransport": "true"}}),
        public_access: ("DataBucket", ["PublicAccessBlockConfiguration", "BlockPublicAcls"], False),
        retention: ("TraceIngestLogs", ["RetentionInDays"], None),
        schedule_inputs: ("ScheduleWatch", ["Events", "Audit", "Properties", "Input"], '{"audit": "today"}'),
        schedule_names: ("ScheduleWatch", ["Events", "Audit", "Properties", "OmitName"], None),
        lead: ("ScheduleWatch", ["Timeout"], 60),
        contradictions: (None, ["Rules", "SecurityGroupsNeedSubnets"], None),
        wakes: ("SchedulePublish", ["Events", "SecondWake", "Properties", "Input"], late),
        computed_apart: ("Actions", ["ReservedConcurrentExecutions"], None),
        ends_before_the_api: ("Actions", ["Timeout"], 30),
        aliases: (ingest, ["AutoPublishAliasAllProperties"], None),
        tells: ("DeadLetters", ["AlarmDescription", "Fn::Sub"], "Dead letters. What to do: ${RunbookUrl}#nothing"),
        alarms_may_publish: ("AlertTopicPolicy", ["PolicyDocument", "Statement", 1, "Effect"], "Deny"),
        gradual: ("TraceForwardErrors", ["Metrics", 2, "MetricStat", "Metric", "MetricName"], "Lines"),
        api: ("HttpApi", log, '{"ip":"$context.identity.sourceIp"}'),
    }


def self_test(tree):
    """Every rule passes as things are, and fails, alone, when broken on purpose."""
    wrong = check(tree, lambda line: None)
    for text, rule_check in RULES:
        resource, path, value = mutations()[rule_check]
        mutant = copy.deepcopy(tree)
        parent = mutant["Resources"][resource]["Properties"] if resource else mutant
        for key in path[:-1]:
            parent = parent[key]
        assert path[-1] in parent or isinstance(parent, list), f"{resource} has no {path}: the mutation does nothing"
        if value is None:
            del parent[path[-1]]
        else:
            parent[path[-1]] = value
        noticed = check(mutant, lambda line: None) == [text]
        print(f"{'ok  ' if noticed else 'FAIL'} notices when broken: {text}")
        if not noticed:
            wrong.append(text)
    return wrong


def main(arguments):
    testing = "--self-test" in arguments
    paths = [a for a in arguments if not a.startswith("--")]
    path = Path(paths[0]) if paths else Path(__file__).parent.parent / "template.yaml"
    tree = yaml.load(path.read_text(encoding="utf-8"), Loader)
    return 1 if (self_test(tree) if testing else check(tree, print)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
