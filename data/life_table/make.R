# Writes united_states.csv from the table of the United States in R's package survival.
# Run in this folder: Rscript make.R
library(survival)

first <- 2012 # the study's first transplantations
years <- dimnames(survexp.us)$year
years <- years[as.integer(years) >= first]
cells <- expand.grid(
  age = dimnames(survexp.us)$age, sex = c("F", "M"), year = years, stringsAsFactors = FALSE
)
sex <- c(F = "female", M = "male")[cells$sex]
daily <- survexp.us[cbind(cells$age, sex, cells$year)]
q <- round(1 - exp(-365.25 * daily), 6) # the printed probability of death within the year
table <- data.frame(year = cells$year, sex = cells$sex, age = cells$age, q = format(q, nsmall = 6))
write.csv(table, "united_states.csv", row.names = FALSE, quote = FALSE, eol = "\n")
