# Five questions of the field, from the tables as CSV: Rscript docs/analysis/questions.R tables

folder <- commandArgs(trailingOnly = TRUE)[1]
wide <- read.csv(file.path(folder, "defendants_wide.csv"), encoding = "UTF-8", na.strings = "")
say <- function(...) cat(..., "\n")
number <- function(x) formatC(x, format = "f", digits = 6)

# the population of most measures: people in first-instance judgments after public prosecution
first <- subset(wide, record_status != "out_of_scope" & instance == "first" & document_type == "judgment" &
                      prosecution == "public" & disposition != "none")
people <- subset(first, kind == "person")

# 1. Is counsel less present in the west? Of those for whom the document tells who defended.
known <- subset(people, counsel_trial != "not_stated")
for (rows in split(known, known$economic_region))
  if (nrow(rows) >= 10) say("lawyer", rows$economic_region[1], number(mean(rows$lawyer_at_trial == "true")))

# 2. Are recommendations for the same charge more dispersed in some regions? Middle of the recommendation, in months.
asked <- subset(first, rec_content == "given" & !is.na(rec_mid_months))
for (rows in split(asked, list(asked$economic_region, asked$main_charge), drop = TRUE))
  if (nrow(rows) >= 30) {
    months <- rows$rec_mid_months
    say("dispersion", rows$main_charge[1], rows$economic_region[1], number(sd(months)), number(sd(months) / mean(months)))
  }

# 3. How often and how exactly does the court follow? By its words, then by its sentence.
answers <- c("adopted", "adopted_discretion", "adopted_part", "considered", "not_adopted")
answered <- subset(first, rec_content != "none" & court_response %in% answers)
say("adopted_stated", number(mean(answered$court_response %in% answers[1:2])))
compared <- subset(first, rec_content == "given" & !is.na(adoption_penalty))
say("adopted_computed", number(mean(compared$adoption_penalty == "within")))
say("deviation", number(mean(compared$deviation_months, na.rm = TRUE)))

# 4. Is leniency rarer in serious crime? Since the law of 26 October 2018; the silent are left out.
since <- subset(people, regime == "statute" & plea_status != "not_mentioned")
for (rows in split(since, since$severity))
  if (nrow(rows) >= 10) say("leniency", rows$severity[1], number(mean(rows$plea_status == "applied")))

# 5. Who signs at which stage, and with whom?
signed <- subset(people, plea_status == "applied" & plea_recognizance == "signed")
for (rows in split(signed, list(signed$plea_stage, signed$counsel_at_signing), drop = TRUE))
  say("signed", rows$plea_stage[1], rows$counsel_at_signing[1], nrow(rows))
