"""Five questions of the field, from the tables.

python docs/analysis/questions.py tables
"""

import sys

import pandas as pd

wide = pd.read_parquet(f"{sys.argv[1]}/defendants_wide.parquet")

# the population of most measures: people in first-instance judgments after public prosecution
first = wide[
    (wide["record_status"] != "out_of_scope")
    & (wide["instance"] == "first")
    & (wide["document_type"] == "judgment")
    & (wide["prosecution"] == "public")
    & (wide["disposition"] != "none")
]
people = first[first["kind"] == "person"]

# 1. Is counsel less present in the west? Of those for whom the document tells who defended.
known = people[people["counsel_trial"] != "not_stated"]
for region, rows in known.groupby("economic_region", observed=True):
    if len(rows) >= 10:
        print(f"lawyer {region} {rows['lawyer_at_trial'].astype(float).mean():.6f}")

# 2. Are recommendations for the same charge more dispersed in some regions? Middle of the recommendation, in months.
asked = first[(first["rec_content"] == "given") & first["rec_mid_months"].notna()]
for (charge, region), rows in asked.groupby(["main_charge", "economic_region"], observed=True):
    if len(rows) >= 30:
        months = rows["rec_mid_months"]
        print(f"dispersion {charge} {region} {months.std():.6f} {months.std() / months.mean():.6f}")

# 3. How often and how exactly does the court follow? By its words, then by its sentence.
answers = ["adopted", "adopted_discretion", "adopted_part", "considered", "not_adopted"]
answered = first[(first["rec_content"] != "none") & first["court_response"].isin(answers)]
print(f"adopted_stated {answered['court_response'].isin(answers[:2]).mean():.6f}")
compared = first[(first["rec_content"] == "given") & first["adoption_penalty"].notna()]
print(f"adopted_computed {(compared['adoption_penalty'] == 'within').mean():.6f}")
print(f"deviation {compared['deviation_months'].mean():.6f}")

# 4. Is leniency rarer in serious crime? Since the law of 26 October 2018; the silent are left out.
since = people[(people["regime"] == "statute") & (people["plea_status"] != "not_mentioned")]
for severity, rows in since.groupby("severity", observed=True):
    if len(rows) >= 10:
        print(f"leniency {severity} {(rows['plea_status'] == 'applied').mean():.6f}")

# 5. Who signs at which stage, and with whom?
signed = people[(people["plea_status"] == "applied") & (people["plea_recognizance"] == "signed")]
for (stage, present), rows in signed.groupby(["plea_stage", "counsel_at_signing"], observed=True):
    print(f"signed {stage} {present} {len(rows)}")
