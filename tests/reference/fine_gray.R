# Reference values for nissc1.stats.fine_gray, from R's cmprsk.
#   Rscript tests/reference/fine_gray.R [output.csv]
# reads data/*.csv beside this script and writes one row a number, as reference.R does:
#   dataset, method, quantity, key (a covariate), value (17 significant digits).
# crr drops times of 0 from its estimate of the censoring; only the order of the times counts, so
# all are moved by 1. Left out is cause 1 of mostly_censored: x2 separates its four events, and crr
# stops somewhere on the way to minus infinity.
suppressPackageStartupMessages(library(cmprsk))

arguments <- commandArgs(FALSE)
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", arguments, value = TRUE)[1])))
target <- commandArgs(TRUE)
target <- if (length(target)) target[1] else file.path(here, "fine_gray.csv")

rows <- list()
put <- function(dataset, method, quantity, key, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset, method, quantity, key = as.character(key),
    value = if (is.character(value)) value else trimws(formatC(value, digits = 17, format = "g")),
    stringsAsFactors = FALSE
  )
}
put("session", "version", "R", "", as.character(getRversion()))
put("session", "version", "cmprsk", "", as.character(packageVersion("cmprsk")))

for (name in c(
  "heavy_ties", "three_causes", "no_censoring", "mostly_censored", "day_zero", "one_cause",
  "no_ties", "unequal_groups", "transplant", "many_patients", "group_leaves_early"
)) {
  d <- read.csv(file.path(here, "data", paste0(name, ".csv")))
  for (of in sort(unique(d$cause[d$cause > 0]))) {
    if (name == "mostly_censored" && of == 1) next
    fit <- crr(
      d$time + 1, d$cause, d[, c("x1", "x2", "x3")], failcode = of, gtol = 1e-13, maxiter = 60
    )
    # summary() rounds; these are its formulae
    coef <- fit$coef
    error <- sqrt(diag(fit$var))
    method <- paste0("fine_gray.", of)
    put(name, method, "coef", names(coef), coef)
    put(name, method, "std_error", names(coef), error)
    put(name, method, "p_value", names(coef), 2 * pnorm(-abs(coef / error)))
    put(name, method, "hazard_ratio", names(coef), exp(coef))
    put(name, method, "lower", names(coef), exp(coef - qnorm(0.975) * error))
    put(name, method, "upper", names(coef), exp(coef + qnorm(0.975) * error))
    put(name, method, "log_likelihood", c("null", "fitted"), c(fit$loglik.null, fit$loglik))
  }
}
write.csv(do.call(rbind, rows), target, row.names = FALSE, quote = FALSE)
