"""Every model scored on tables whose truth is known: bias, coverage and length of interval."""

from estimation.planted_truth.scores import Measure, Score
from estimation.planted_truth.scoring import Scores, planted_truth
from estimation.planted_truth.trials import Progress, Trial

__all__ = ["Measure", "Progress", "Score", "Scores", "Trial", "planted_truth"]
