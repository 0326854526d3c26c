# Reference values for the methods that readers asked for beyond the article, from R's own packages.
#   Rscript tests/reference/methods.R [output.csv]
# reads data/*.csv beside this script and writes one row a number, as reference.R does:
#   dataset, method, quantity, key, value (17 significant digits).
# Needs survival, cmprsk and nlme. Rows whose method begins with another package's name and "::" come
# from that package and are left out where it is absent; the session rows hold all versions.
suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(nlme)
})

arguments <- commandArgs(FALSE)
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", arguments, value = TRUE)[1])))
target <- commandArgs(TRUE)
target <- if (length(target)) target[1] else file.path(here, "methods.csv")

rows <- list()
put <- function(dataset, method, quantity, key, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset, method, quantity, key = as.character(key),
    value = if (is.character(value)) value else trimws(formatC(value, digits = 17, format = "g")),
    stringsAsFactors = FALSE
  )
}
version <- function(package) {
  put("session", "version", package, "", as.character(packageVersion(package)))
}
with_package <- function(package, code) {
  if (requireNamespace(package, quietly = TRUE)) {
    version(package)
    force(code)
  }
}
read <- function(name) read.csv(file.path(here, "data", paste0(name, ".csv")))
exactly <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)

survival_sets <- c(
  "heavy_ties", "three_causes", "no_censoring", "mostly_censored", "day_zero", "one_cause",
  "no_ties", "unequal_groups", "transplant", "many_patients", "group_leaves_early"
)
put("session", "version", "R", "", as.character(getRversion()))
for (package in c("survival", "cmprsk", "nlme")) version(package)

# ---- Mean time lived and lost, at a horizon between events and at an observed time ---------------
area <- function(time, level, horizon, start) { # under a right-continuous step function
  edges <- c(0, time[time < horizon], horizon)
  sum(diff(edges) * c(start, level[time < horizon]))
}
for (name in survival_sets) {
  d <- read(name)
  d$state <- factor(d$cause, 0:max(d$cause))
  km <- survfit(Surv(time, event) ~ 1, d)
  # Shifted by 1: with events at time 0, survival 3.5-3 adds up the influence one row out of step.
  states <- survfit(Surv(time + 1, state) ~ 1, d, id = seq_len(nrow(d)), influence = TRUE)
  for (horizon in c(0.77 * max(d$time), sort(d$time)[ceiling(0.6 * nrow(d))])) {
    mean <- summary(km, rmean = horizon)$table
    put(name, "rmst", "estimate", horizon, mean[["rmean"]])
    put(name, "rmst", "std_error", horizon, mean[["se(rmean)"]])
    lost <- summary(states, rmean = horizon + 1)$table
    for (of in sort(unique(d$cause[d$cause > 0]))) {
      method <- paste0("time_lost.", of)
      curve <- cuminc(d$time, d$cause)[[paste(1, of)]]
      put(name, method, "estimate", horizon, lost[as.character(of), "rmean"])
      put(name, method, "std_error", horizon, lost[as.character(of), "se(rmean)"])
      last <- !duplicated(curve$time, fromLast = TRUE) # cuminc gives both ends of each step
      by_cuminc <- area(curve$time[last], curve$est[last], horizon, 0)
      put(name, method, "estimate.cuminc", horizon, by_cuminc)
    }
  }
}

# ---- Proportional hazards ------------------------------------------------------------------------
for (name in survival_sets) {
  d <- read(name)
  fit <- coxph(Surv(time, event) ~ x1 + x2 + x3, d, ties = "efron", control = exactly)
  for (scale in c("km", "identity", "rank", if (min(d$time) > 0) "log")) {
    test <- cox.zph(fit, transform = scale)
    key <- sub("GLOBAL", "global", rownames(test$table))
    method <- paste0("zph.", scale)
    put(name, method, "statistic", key, test$table[, "chisq"])
    put(name, method, "p_value", key, test$table[, "p"])
  }
  if (name == "many_patients") next
  test <- cox.zph(fit, transform = "km")
  event <- seq_along(test$time)
  put(name, "zph.km", "time", event, test$time)
  put(name, "zph.km", "transformed", event, test$x)
  for (x in colnames(test$y)) put(name, "zph.km", paste0("residual.", x), event, test$y[, x])
}

write.csv(do.call(rbind, rows), target, row.names = FALSE, quote = FALSE)
