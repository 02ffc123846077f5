* Five questions of the field, from the tables for Stata: do docs/analysis/questions.do
* (panjue tables out -o tables --format stata). A category is a number with a label; "text":label is the number that
* the label names so. Missing: .n not stated, .a not applicable, .f extraction failed.

use "tables/defendants_wide.dta", clear

* the population of most measures: people in first-instance judgments after public prosecution
keep if record_status != "out of scope 不属刑事裁判":record_status & instance == "first instance 一审":instance ///
    & document_type == "judgment 判决书":document_type & prosecution == "public 公诉":prosecution ///
    & disposition != "none 无":disposition
generate byte person = kind == "person 自然人":kind
generate str80 id = doc_id
egen long document = group(id)

* 1. Is counsel less present in the west? Of those for whom the document tells who defended.
mean lawyer_at_trial if person & !missing(lawyer_at_trial), over(economic_region) vce(cluster document)

* 2. Are recommendations for the same charge more dispersed in some regions? Middle of the recommendation, in months.
preserve
keep if !missing(rec_mid_months)
collapse (count) n=rec_mid_months (mean) mean=rec_mid_months (sd) sd=rec_mid_months, by(main_charge economic_region)
generate cv = sd / mean
list main_charge economic_region n sd cv if n >= 30
restore

* 3. How often and how exactly does the court follow? By its words, then by its sentence.
tabulate court_response if !missing(court_response)
tabulate adoption_penalty if !missing(adoption_penalty)
summarize deviation_months, detail

* 4. Is leniency rarer in serious crime? Since the law of 26 October 2018; the silent are left out.
tabulate severity plea_status if person & regime == "Criminal Procedure Law 2018 2018年刑事诉讼法":regime ///
    & plea_status != "not mentioned 未提及":plea_status, row

* 5. Who signs at which stage, and with whom?
tabulate plea_stage counsel_at_signing if person & plea_status == "applied 适用认罪认罚从宽":plea_status ///
    & plea_recognizance == "signed 已签署":plea_recognizance
