"""Load a study, read its report, and look at one scenario alone."""

import assess

study = assess.load("mali")
report = assess.evaluate(study)
print(report)

north = assess.evaluate(study.only("northern_counter_terrorism"))
scores = north.scores
total = scores[scores.criterion == study.tree.id]
print("\nThe north alone, scores 0 to 100:")
print(total[["strategy", "score", "low", "high", "band"]].round(1).to_string(index=False))
