//! What counts how much, so that no sum overflows.

use run_sheet::{Invalid, Problem, Weights};

use crate::{request::WeightOptions, value::Bad};

/// Sets the weights that were asked for. Where none were, and the defaults could
/// overflow with this many orders, smaller ones are taken that keep their order:
/// lateness before finish before travel.
///
/// # Errors
/// When the weights, or with the smallest defaults the times, are too large.
pub fn set(problem: &mut Problem, asked: Option<WeightOptions>) -> Result<(), Bad> {
    let choices = match asked {
        Some(asked) => vec![some(asked)],
        None => defaults(),
    };
    let mut result = Ok(());
    for weights in choices {
        problem.weights = weights;
        result = problem.validate();
        if result != Err(Invalid::Overflow) {
            break;
        }
    }
    result.map_err(|error| match error {
        Invalid::Overflow => Bad::at(
            "options.weights",
            "could make the cost of a long route overflow: make them smaller, and look for windows long before the departure",
        ),
        // Whatever else is wrong has been refused with its path before.
        other => Bad::at("the body", other.to_string()),
    })
}

fn some(asked: WeightOptions) -> Weights {
    let default = Weights::default();
    Weights {
        travel: asked.travel.map_or(default.travel, |weight| weight.0 as i64),
        lateness: asked.lateness.map_or(default.lateness, |weight| weight.0 as i64),
        finish: asked.finish.map_or(default.finish, |weight| weight.0 as i64),
    }
}

/// The defaults, and the same with smaller steps between them.
fn defaults() -> Vec<Weights> {
    let default = Weights::default();
    let mut choices = vec![default];
    let mut finish = default.finish / 10;
    while finish >= 10 {
        choices.push(Weights {
            travel: 1,
            lateness: finish * finish,
            finish,
        });
        finish /= 10;
    }
    choices
}
