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

# ---- Firth's penalised Cox likelihood, by general optimisers on coxph's likelihood and information ----
penalised <- function(d, columns, ties) {
  x <- scale(as.matrix(d[columns]), scale = FALSE)
  y <- Surv(d$time, d$event)
  value <- function(b) {
    at <- suppressWarnings(coxph.fit(
      x, y, NULL, NULL, b, coxph.control(iter.max = 0), NULL, ties, seq_len(nrow(d))
    ))
    at$loglik[1] - 0.5 * as.numeric(determinant(as.matrix(at$var))$modulus)
  }
  list(value = value, var = function(b) coxph.fit(
    x, y, NULL, NULL, b, coxph.control(iter.max = 0), NULL, ties, seq_len(nrow(d))
  )$var)
}
for (name in c("transplant", "heavy_ties", "mostly_censored", "no_ties")) {
  d <- read(name)
  d$separating <- as.integer(d$event == 0 & d$group == "A") # no event with it
  columns <- c("x1", "separating")
  for (ties in if (name == "heavy_ties") c("efron", "breslow") else "efron") {
    likelihood <- penalised(d, columns, ties)
    start <- optim(c(0, -1), function(b) -likelihood$value(b), control = list(reltol = 1e-10))$par
    best <- optim(
      start, function(b) -likelihood$value(b), method = "BFGS",
      control = list(reltol = 1e-16, ndeps = c(1e-5, 1e-5))
    )
    method <- paste0("firth.", ties)
    error <- sqrt(diag(suppressWarnings(likelihood$var(best$par))))
    put(name, method, "coef", columns, best$par)
    put(name, method, "std_error", columns, error)
    put(name, method, "log_likelihood", c("null", "fitted"), c(likelihood$value(c(0, 0)), -best$value))
    for (j in 1:2) {
      profile <- function(b) optimise(
        function(other) likelihood$value(if (j == 1) c(b, other) else c(other, b)),
        best$par[3 - j] + c(-3, 3) * error[3 - j], maximum = TRUE, tol = 1e-9
      )$objective
      fallen <- function(b) 2 * (-best$value - profile(b)) - qchisq(0.95, 1)
      test <- 2 * (-best$value - profile(0))
      put(name, method, "p_value", columns[j], pchisq(test, 1, lower.tail = FALSE))
      for (side in c("lower", "upper")) {
        reach <- best$par[j] + (if (side == "lower") -1 else 1) * c(0.2, 8) * error[j]
        put(name, method, side, columns[j], uniroot(fallen, sort(reach), tol = 1e-10)$root)
      }
    }
  }
}

# ---- Continuous covariates: restricted cubic splines, and what cutting costs ------------------------
# splines::ns spans the same curves as Harrell's terms, so likelihood and contrasts are the same.
spline_quantiles <- list(
  `3` = c(0.1, 0.5, 0.9), `4` = c(0.05, 0.35, 0.65, 0.95), `5` = c(0.05, 0.275, 0.5, 0.725, 0.95)
)
for (name in c("no_ties", "heavy_ties", "unequal_groups")) {
  d <- read(name)
  at <- quantile(d$x1, c(0, 0.2, 0.4, 0.6, 0.8, 1), names = FALSE)
  for (size in names(spline_quantiles)) {
    method <- paste0("spline.", size)
    knots <- quantile(d$x1, spline_quantiles[[size]], names = FALSE)
    put(name, method, "knot", seq_along(knots), knots)
    terms <- function(x) splines::ns(
      x, knots = knots[-c(1, length(knots))], Boundary.knots = range(knots)
    )
    b <- terms(d$x1)
    fit <- coxph(Surv(time, event) ~ b + x2, d, control = exactly)
    without <- coxph(Surv(time, event) ~ x2, d, control = exactly)
    linear <- coxph(Surv(time, event) ~ x1 + x2, d, control = exactly)
    ratio <- 2 * (fit$loglik[2] - c(without$loglik[2], linear$loglik[2]))
    put(name, method, "statistic", c("association", "non-linearity"), ratio)
    contrast <- terms(at) - terms(rep(median(d$x1), length(at)))
    own <- seq_len(ncol(b))
    put(name, method, "estimate", at, contrast %*% coef(fit)[own])
    put(name, method, "std_error", at, sqrt(diag(contrast %*% vcov(fit)[own, own] %*% t(contrast))))
  }
  designs <- list(
    `two groups` = cbind(d$x1 > 0.25), `straight line` = cbind(d$x1),
    spline = splines::ns(
      d$x1, knots = median(d$x1), Boundary.knots = quantile(d$x1, c(0.1, 0.9), names = FALSE)
    )
  )
  for (model in names(designs)) {
    x <- 1 * designs[[model]]
    fit <- coxph(Surv(d$time, d$event) ~ x, control = exactly)
    found <- concordance(fit)
    put(name, "dichotomising", "log_likelihood", model, fit$loglik[2])
    put(name, "dichotomising", "concordance", model, found$concordance)
    put(name, "dichotomising", "std_error", model, sqrt(found$var))
  }
  found <- concordance(Surv(time, event) ~ x3, d, reverse = TRUE) # many tied scores
  put(name, "concordance", "estimate", "", found$concordance)
  put(name, "concordance", "std_error", "", sqrt(found$var))
  put(name, "concordance", c("n_concordant", "n_tied"), "", found$count[c("concordant", "tied.x")])
}
with_package("Hmisc", {
  for (name in c("no_ties", "heavy_ties", "unequal_groups")) {
    d <- read(name)
    for (size in names(spline_quantiles)) {
      method <- paste0("Hmisc::rcspline.eval.", size)
      knots <- quantile(d$x1, spline_quantiles[[size]], names = FALSE)
      basis <- Hmisc::rcspline.eval(d$x1, knots, inclx = TRUE)
      for (k in seq_len(ncol(basis))) {
        put(name, method, paste0("term.", k), seq_len(5), basis[1:5, k])
      }
      fit <- coxph(Surv(time, event) ~ basis + x2, d, control = exactly)
      own <- seq_len(ncol(basis))
      wald <- function(k) drop(coef(fit)[k] %*% solve(vcov(fit)[k, k], coef(fit)[k]))
      put(name, method, "wald_statistic", c("association", "non-linearity"), c(wald(own), wald(own[-1])))
    }
  }
})

write.csv(do.call(rbind, rows), target, row.names = FALSE, quote = FALSE)
