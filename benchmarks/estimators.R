# The estimators of nissc1.stats as R's survival and cmprsk have them: how long each takes, and what
# it gives.
#   Rscript benchmarks/estimators.R DATA N OUTPUT ESTIMATORS CALLS [MODEL]
# DATA    columns time, event, cause, group, x1 ... x5 as doubles, one column after the other
# N       rows
# OUTPUT  CSV to write: estimator, quantity, key, value; quantity "seconds" is the time of a call
# ESTIMATORS  names below, separated by commas
# CALLS   calls over which a time is averaged
# MODEL   "coefficients" spares crr the standard errors
# Starting R and reading the data are not part of any time.
suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
})
arguments <- commandArgs(TRUE)
n <- as.integer(arguments[2])
columns <- c("time", "event", "cause", "group", paste0("x", 1:5))
d <- as.data.frame(matrix(readBin(arguments[1], "double", n * length(columns)), n))
names(d) <- columns
calls <- as.integer(arguments[5])
with_variance <- !identical(arguments[6], "coefficients")
x <- as.matrix(d[paste0("x", 1:5)])
at <- as.numeric(quantile(d$time, (1:19) / 20, type = 1))

estimators <- list(
  kaplan_meier = function() survfit(Surv(time, event) ~ 1, d),
  cumulative_incidence = function() cuminc(d$time, d$cause),
  logrank = function() survdiff(Surv(time, event) ~ group, d),
  gray = function() cuminc(d$time, d$cause, d$group),
  cox = function() coxph(Surv(time, event) ~ x1 + x2 + x3 + x4 + x5, d, ties = "efron"),
  # crr drops times of 0 from the censoring; only the order of the times counts. Its default stops
  # four digits from the maximum; one or two iterations more take little beside the variance.
  fine_gray = function() {
    crr(
      d$time + 1, d$cause, x, failcode = 1, variance = with_variance, gtol = 1e-10, maxiter = 60
    )
  }
)
# Iterated on until nothing changes, for comparison; what is timed stops where R's default says.
cox_to_the_end <- function() {
  coxph(
    Surv(time, event) ~ x1 + x2 + x3 + x4 + x5, d, ties = "efron",
    control = coxph.control(eps = 1e-13, iter.max = 60)
  )
}
values <- list(
  kaplan_meier = function(fit) {
    s <- summary(fit, times = at)
    list(estimate = s$surv, std_error = s$std.err)
  },
  cumulative_incidence = function(fit) {
    s <- timepoints(fit, at)
    list(
      estimate.1 = s$est["1 1", ], std_error.1 = sqrt(s$var["1 1", ]),
      estimate.2 = s$est["1 2", ], std_error.2 = sqrt(s$var["1 2", ])
    )
  },
  logrank = function(fit) list(statistic = fit$chisq),
  gray = function(fit) list(statistic = fit$Tests[, "stat"]),
  cox = function(fit) list(coef = coef(fit), std_error = sqrt(diag(vcov(fit)))),
  fine_gray = function(fit) {
    c(list(coef = fit$coef), if (with_variance) list(std_error = sqrt(diag(fit$var))))
  }
)

rows <- list()
put <- function(estimator, quantity, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    estimator, quantity, key = seq_along(value), value = sprintf("%.17g", value)
  )
}
for (name in strsplit(arguments[4], ",")[[1]]) {
  invisible(gc(reset = TRUE))
  begun <- Sys.time()
  for (i in seq_len(calls)) fit <- estimators[[name]]()
  put(name, "seconds", as.numeric(difftime(Sys.time(), begun, units = "secs")) / calls)
  put(name, "megabytes", sum(gc()[, 6]))
  if (name == "cox") fit <- cox_to_the_end()
  found <- values[[name]](fit)
  for (quantity in names(found)) put(name, quantity, found[[quantity]])
}
write.csv(do.call(rbind, rows), arguments[3], row.names = FALSE, quote = FALSE)
