"""Build a study of another question in Python: how should a town guard itself against floods?"""

from datetime import date

import assess
from assess import Choice, Criterion, Level, Rating, Scale, Strategy, Weights

hearings = {
    "against": Level(worth=0, anchor="most people at the hearings speak against it"),
    "split": Level(worth=0.4, anchor="as many speak for it as against"),
    "for": Level(worth=1, anchor="most people at the hearings speak for it"),
}
criteria = {
    "damage": Criterion(unit="million euros a year", scale=Scale(worst=40, best=0)),
    "warned": Criterion(unit="% of homes warned in time", scale=Scale(worst=0, best=100)),
    "support": Criterion(scale=Scale(levels=hearings)),
}
swing = Weights(
    method=Choice(name="swing"),
    judgements={"damage": 100, "warned": 60, "support": (20, 40)},  # unsure: a range
)
rows = [
    Rating(analyst="eva", strategy="walls", criterion="damage", rating=8, low=5, high=15),
    Rating(analyst="eva", strategy="walls", criterion="warned", rating=40),
    Rating(analyst="eva", strategy="walls", criterion="support", rating="split"),
    Rating(analyst="eva", strategy="wetlands", criterion="damage", rating=14),
    Rating(analyst="eva", strategy="wetlands", criterion="warned", rating=70),
    Rating(analyst="eva", strategy="wetlands", criterion="support", rating="?"),  # no hearing yet
]
study = assess.Study(
    name="Floods",
    as_of=date(2026, 6, 30),
    tree=assess.ValueTree(id="floods", criteria=criteria),
    scenarios=(assess.Scenario(id="today", tree="floods", weights={"floods": swing}),),
    strategies={"walls": Strategy(), "wetlands": Strategy()},
    analysts={"eva": assess.Analyst(role="engineer of the town")},
    ratings=assess.Ratings.from_rows(rows),
)
print(assess.evaluate(study).scores.round(2).to_string(index=False))
