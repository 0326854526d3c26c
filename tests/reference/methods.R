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
versions <- character()
version <- function(package) {
  if (package %in% versions) return(invisible())
  versions <<- c(versions, package)
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
  # A natural spline through the residuals with the band of plot.cox.zph, at knots of its own.
  knots <- quantile(test$x, c(0.1, 0.5, 0.9), names = FALSE)
  if (anyDuplicated(knots) || length(unique(test$x)) < 4) next
  basis <- function(at) {
    cbind(1, splines::ns(at, knots = knots[2], Boundary.knots = knots[c(1, 3)]))
  }
  grid <- seq(min(test$x), max(test$x), length.out = 11)
  weights <- basis(grid) %*% solve(crossprod(basis(test$x)), t(basis(test$x)))
  for (x in colnames(test$y)) {
    method <- paste0("zph.smooth.", x)
    put(name, method, "estimate", seq_along(grid), drop(weights %*% test$y[, x]))
    spread <- sqrt(test$var[match(x, colnames(test$y)), match(x, colnames(test$y))])
    put(name, method, "std_error", seq_along(grid), spread * sqrt(rowSums(weights^2)))
  }
}

# ---- Cox's model with robust standard errors -------------------------------------------------------
for (name in survival_sets) {
  d <- read(name)
  fit <- coxph(
    Surv(time, event) ~ x1 + x2 + x3, d, ties = "efron", control = exactly, robust = TRUE
  )
  put(name, "cox.robust", "coef", names(coef(fit)), coef(fit))
  put(name, "cox.robust", "std_error", names(coef(fit)), sqrt(diag(fit$var)))
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

# ---- Repeated measures: means at visits by generalised least squares and estimating equations -------
d <- read("visits")
d <- d[!is.na(d$score), ]
d$visit <- as.integer(factor(d$month))
d$who <- as.integer(factor(d$id))
d$month <- factor(d$month)
visits <- levels(d$month)
first_visit <- function() cbind(-1, diag(length(visits) - 1)) # each visit less the first
tight <- glsControl(
  tolerance = 1e-13, msTol = 1e-15, msMaxIter = 1000, maxIter = 1000, opt = "nlminb"
)
structures <- list(
  unstructured = list(corSymm(form = ~ visit | who), varIdent(form = ~ 1 | month)),
  `compound-symmetry` = list(corCompSymm(form = ~ visit | who), NULL),
  ar1 = list(corAR1(form = ~ visit | who), NULL)
)
x <- model.matrix(~ month - 1, d)
same <- outer(d$who, d$who, "==")
by_visit <- function(m) m[d$visit, d$visit] * same # a matrix of visits for all rows of the data
means_covariance <- function(sigma) solve(t(x) %*% solve(by_visit(sigma), x))
for (name in names(structures)) {
  fit <- gls(
    score ~ month - 1, d, correlation = structures[[name]][[1]],
    weights = structures[[name]][[2]], method = "REML", control = tight
  )
  method <- paste0("mmrm.", name)
  put("visits", method, "estimate", visits, coef(fit))
  put("visits", method, "std_error", visits, sqrt(diag(vcov(fit))))
  put("visits", method, "log_likelihood", "", as.numeric(logLik(fit)))
  change <- first_visit()
  put("visits", method, "change", visits[-1], change %*% coef(fit))
  put(
    "visits", method, "change.std_error", visits[-1],
    sqrt(diag(change %*% vcov(fit) %*% t(change)))
  )
  # Degrees of freedom and Kenward and Roger's errors from their definitions, with matrices of all
  # rows. The covariance of the visits:
  lag <- abs(outer(seq_along(visits), seq_along(visits), "-"))
  size <- length(visits)
  unit <- function(i, j) {
    m <- matrix(0, size, size)
    m[i, j] <- m[j, i] <- 1
    m
  }
  if (name == "unstructured") {
    ratio <- coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)[visits]
    deviation <- fit$sigma * ratio
    correlation <- corMatrix(fit$modelStruct$corStruct)
    correlation <- correlation[[which(sapply(correlation, nrow) == size)[1]]]
    sigma <- outer(deviation, deviation) * correlation
    pairs <- which(lower.tri(sigma, diag = TRUE), arr.ind = TRUE)
    first <- lapply(seq_len(nrow(pairs)), function(k) unit(pairs[k, 1], pairs[k, 2]))
    second <- function(a, b) matrix(0, size, size)
  } else {
    rho <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)
    variance <- fit$sigma^2
    if (name == "ar1") {
      sigma <- variance * rho^lag
      first <- list(rho^lag, variance * lag * rho^(lag - 1))
      second <- function(a, b) {
        if (a + b == 2) return(matrix(0, size, size))
        if (a + b == 3) return(lag * rho^(lag - 1))
        variance * lag * (lag - 1) * rho^(lag - 2)
      }
    } else {
      sigma <- variance * (rho + (1 - rho) * diag(size))
      first <- list(diag(size), matrix(1, size, size))
      second <- function(a, b) matrix(0, size, size)
    }
  }
  v <- solve(by_visit(sigma))
  phi <- means_covariance(sigma)
  p <- v - v %*% x %*% phi %*% t(x) %*% v
  number <- length(first)
  pv <- lapply(first, function(m) p %*% by_visit(m))
  information <- outer(seq_len(number), seq_len(number), Vectorize(
    function(a, b) 0.5 * sum(pv[[a]] * t(pv[[b]]))
  ))
  w <- solve(information)
  step <- 1e-4 * sigma[1, 1]
  if (name == "ar1") step <- c(step, 1e-5) else step <- rep(step, number)
  slopes <- lapply(seq_len(number), function(a) { # by differences, AR(1) too: it moves along a line
    up <- sigma + step[a] * first[[a]]
    down <- sigma - step[a] * first[[a]]
    (means_covariance(up) - means_covariance(down)) / (2 * step[a])
  })
  weights <- rbind(diag(size), change)
  df <- apply(weights, 1, function(l) {
    g <- sapply(slopes, function(m) drop(l %*% m %*% l))
    2 * drop(l %*% phi %*% l)^2 / drop(g %*% w %*% g)
  })
  put("visits", method, "df", visits, df[seq_len(size)])
  put("visits", method, "change.df", visits[-1], df[-seq_len(size)])
  xv <- t(x) %*% v
  half <- lapply(first, function(m) xv %*% by_visit(m))
  sum_of <- matrix(0, size, size)
  for (a in seq_len(number)) for (b in seq_len(number)) {
    q <- half[[a]] %*% v %*% t(half[[b]])
    crossed <- half[[a]] %*% v %*% x %*% phi %*% t(half[[b]] %*% v %*% x)
    bend <- if (name == "ar1") xv %*% by_visit(second(a, b)) %*% t(xv) else 0
    sum_of <- sum_of + w[a, b] * (q - crossed - bend / 4)
  }
  adjusted <- phi + 2 * phi %*% sum_of %*% phi
  put(
    "visits", method, "change.std_error.kenward_roger", visits[-1],
    sqrt(diag(change %*% adjusted %*% t(change)))
  )
}
# Estimating equations with Mancl and DeRouen's correction, from its definition.
mancl_derouen <- function(working, beta) {
  v <- solve(by_visit(working))
  bread <- solve(t(x) %*% v %*% x)
  r <- d$score - drop(x %*% beta)
  middle <- 0
  for (k in unique(d$who)) {
    own <- d$who == k
    leverage <- x[own, ] %*% bread %*% t(x[own, ]) %*% v[own, own]
    corrected <- solve(diag(sum(own)) - leverage, r[own])
    middle <- middle + tcrossprod(t(x[own, ]) %*% v[own, own] %*% corrected)
  }
  sqrt(diag(bread %*% middle %*% bread))
}
means <- tapply(d$score, d$month, mean)
put("visits", "gee.independence", "std_error.bias_reduced", visits, mancl_derouen(diag(size), means))
with_package("geepack", {
  fit <- geepack::geeglm(score ~ month - 1, data = d, id = who, corstr = "independence")
  put("visits", "geepack::geeglm.independence", "estimate", visits, coef(fit))
  put("visits", "geepack::geeglm.independence", "std_error", visits, sqrt(diag(vcov(fit))))
})
with_package("gee", {
  invisible(capture.output(suppressMessages(fit <- gee::gee(
    score ~ month - 1, data = d, id = who, corstr = "exchangeable", tol = 1e-13, maxiter = 500
  ))))
  method <- "gee::gee.exchangeable"
  put("visits", method, "estimate", visits, coef(fit))
  put("visits", method, "std_error", visits, sqrt(diag(fit$robust.variance)))
  rho <- fit$working.correlation[1, 2]
  put("visits", method, "working_correlation", "", rho)
  working <- rho + (1 - rho) * diag(size)
  put("visits", method, "std_error.bias_reduced", visits, mancl_derouen(working, coef(fit)))
})
with_package("emmeans", with_package("pbkrtest", with_package("lme4", {
  # A random intercept is compound symmetry; emmeans takes Kenward and Roger's method from pbkrtest.
  fit <- lme4::lmer(
    score ~ month + (1 | who), d, REML = TRUE, control = lme4::lmerControl(
      optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5)
    )
  )
  grid <- emmeans::emmeans(fit, "month", lmer.df = "kenward-roger")
  found <- as.data.frame(emmeans::contrast(grid, "trt.vs.ctrl1"))
  method <- "emmeans::kenward-roger"
  put("visits", method, "change", visits[-1], found$estimate)
  put("visits", method, "change.std_error", visits[-1], found$SE)
  put("visits", method, "change.df", visits[-1], found$df)
})))

# ---- Rubin's rules ---------------------------------------------------------------------------------
with_package("mice", {
  q <- c(1.31, 0.98, 1.22, 1.75, 1.1)
  u <- c(0.21, 0.19, 0.2, 0.24, 0.18)
  for (n in c(12, 80)) {
    found <- mice::pool.scalar(q, u, n = n, k = 1)
    put("five_imputations", "mice::pool.scalar", "estimate", n, found$qbar)
    put("five_imputations", "mice::pool.scalar", "std_error", n, sqrt(found$t))
    put("five_imputations", "mice::pool.scalar", "df", n, found$df)
  }
})

# ---- Exact limits, and deaths compared with a life table -------------------------------------------
for (pair in list(c(0, 80), c(1, 80), c(5, 80), c(8, 80), c(40, 80), c(80, 80), c(1, 1), c(3, 7))) {
  key <- paste(pair, collapse = " of ")
  limits <- binom.test(pair[1], pair[2])$conf.int
  put("counts", "exact_interval", c("lower", "upper"), key, limits[1:2])
}
mid_limit <- function(count, tail, lower) uniroot(
  function(m) (if (lower) ppois(count, m, lower.tail = FALSE) else ppois(count - 1, m)) +
    dpois(count, m) / 2 - tail,
  c(1e-9, 5 * count + 20), tol = 1e-13
)$root
for (count in c(0, 1, 2, 8, 14, 60)) {
  expected <- 4.2
  limits <- poisson.test(count, expected)$conf.int
  put("counts", "smr", c("lower", "upper"), count, limits[1:2])
  put("counts", "smr", "upper_mid_p", count, mid_limit(count, 0.025, FALSE) / expected)
  if (count) put("counts", "smr", "lower_mid_p", count, mid_limit(count, 0.025, TRUE) / expected)
  one_sided <- c(
    poisson.test(count, expected, alternative = "less")$p.value,
    poisson.test(count, expected, alternative = "greater")$p.value
  )
  put("counts", "smr", "p_value", count, min(1, 2 * min(one_sided)))
  middle <- one_sided - dpois(count, expected) / 2
  put("counts", "smr", "p_value_mid", count, min(1, 2 * min(middle)))
}
# A life table by Gompertz' law, and patients who are followed through it.
ages <- 0:109
calendar <- 2000:2030
gompertz <- function(age, male, year) exp(-10 + 0.09 * age + 0.35 * male - 0.015 * (year - 2000))
rates <- array(0, c(110, 2, 31), list(ages, c("F", "M"), calendar))
for (male in 0:1) rates[, male + 1, ] <- outer(ages, calendar, function(a, y) gompertz(a, male, y))
table_of_rates <- rates / 365.25
attributes(table_of_rates) <- c(attributes(table_of_rates), list(
  dimid = c("age", "sex", "year"), type = c(2, 1, 2),
  cutpoints = list(ages * 365.25, NULL, calendar * 365.25)
))
class(table_of_rates) <- "ratetable"
d <- read("followed")
d$days <- d$years * 365.25
for (sex in c("F", "M")) {
  found <- pyears(
    days ~ 1, d[d$sex == sex, ], rmap = list(age = age * 365.25, sex = sex, year = start * 365.25),
    ratetable = table_of_rates, scale = 365.25
  )
  put("followed", "expected_deaths", "estimate", sex, found$expected)
  put("followed", "expected_deaths", "person_years", sex, found$pyears)
}

# ---- Meta-analysis of proportions: the likelihood by adaptive integration, a general optimiser -------
studies <- read("studies")
for (name in unique(studies$set)) {
  d <- studies[studies$set == name, ]
  likelihood <- function(mu, tau) sum(mapply(function(x, n) {
    if (tau == 0) return(dbinom(x, n, plogis(mu), log = TRUE))
    density <- function(z) dbinom(x, n, plogis(mu + tau * z)) * dnorm(z)
    log(integrate(density, -11, 11, rel.tol = 1e-12, subdivisions = 5000)$value)
  }, d$events, d$n))
  homogeneous <- optimise(
    function(m) likelihood(m, 0), c(-8, 3), maximum = TRUE, tol = 1e-10
  )
  fit <- optim(
    c(homogeneous$maximum, log(0.5)), function(p) -likelihood(p[1], exp(p[2])), method = "L-BFGS-B",
    lower = c(-10, log(1e-4)), upper = c(5, 3), control = list(factr = 10, ndeps = c(1e-5, 1e-5))
  )
  mu <- fit$par[1]
  tau <- exp(fit$par[2])
  profile <- function(t) optimise(
    function(m) likelihood(m, t), mu + c(-18, 4), maximum = TRUE, tol = 1e-9
  )$objective
  if (-fit$value < homogeneous$objective + 1e-9) tau <- 0
  best <- max(-fit$value, homogeneous$objective)
  put("studies", "glmm", "statistic", name, 2 * (best - homogeneous$objective))
  put("studies", "glmm", "log_likelihood", name, best)
  fallen <- function(t) 2 * (best - profile(t)) - qchisq(0.95, 1)
  put("studies", "glmm", "tau2_upper", name, uniroot(fallen, c(tau, 12), tol = 1e-9)$root^2)
  if (tau == 0) {
    put("studies", "glmm", "logit_estimate", name, homogeneous$maximum)
    put("studies", "glmm", "tau2", name, 0)
    next
  }
  put("studies", "glmm", "logit_estimate", name, mu)
  put("studies", "glmm", "tau2", name, tau^2)
  bend <- optimHess(
    c(mu, tau), function(p) -likelihood(p[1], p[2]), control = list(ndeps = c(1e-3, 1e-3))
  )
  put("studies", "glmm", "logit_std_error", name, sqrt(solve(bend)[1, 1]))
  lowest <- if (fallen(0) > 0) uniroot(fallen, c(0, tau), tol = 1e-9)$root^2 else 0
  put("studies", "glmm", "tau2_lower", name, lowest)
}
with_package("metafor", with_package("lme4", for (name in unique(studies$set)) {
  d <- studies[studies$set == name, ]
  fit <- suppressWarnings(metafor::rma.glmm(
    measure = "PLO", xi = d$events, ni = d$n, nAGQ = 25,
    control = list(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
  ))
  method <- "metafor::rma.glmm"
  put("studies", method, "logit_estimate", name, as.numeric(fit$beta))
  put("studies", method, "logit_std_error", name, fit$se)
  put("studies", method, "tau2", name, fit$tau2)
  put("studies", method, "i2", name, fit$I2 / 100)
}))

# ---- Several states ---------------------------------------------------------------------------------
for (name in c("stays", "stays_mixed")) {
  d <- read(name)
  states <- c("alive", "response", "progressed", "dead")
  # survfit takes no stay of length 0 and adds up influence wrongly with moves at time 0, so those
  # histories are shifted: one unit more is spent in the first state.
  later <- if (name == "stays") 1 else 0
  d$begin <- ifelse(duplicated(d$id), d$start + later, 0)
  d$end <- d$stop + later
  d$event <- factor(d$to, c("", states), c("censored", states))
  fit <- survfit(
    Surv(begin, end, event) ~ 1, d, id = id, istate = factor(from, states), influence = TRUE
  )
  at <- c(0, 3, 6, 12, 18, 24, 36, 48)
  found <- summary(fit, times = at + later)
  lived <- summary(fit, rmean = 30 + later)$table
  for (state in fit$states) {
    k <- match(state, fit$states)
    put(name, paste0("states.", state), "estimate", at, found$pstate[, k])
    put(name, paste0("states.", state), "std_error", at, found$std.err[, k])
    spent <- lived[state, "rmean"] - later * (state == "alive")
    put(name, paste0("states.", state), "time", 30, spent)
    put(name, paste0("states.", state), "time.std_error", 30, lived[state, "se(rmean)"])
  }
}

# ---- Cumulative hazard, and limits on the scale of log(-log S) ----------------------------------------
for (name in c("heavy_ties", "mostly_censored", "no_ties")) {
  d <- read(name)
  at <- sort(unique(d$time))
  fit <- survfit(Surv(time, event) ~ 1, d, conf.type = "log-log", ctype = 1)
  found <- summary(fit, times = at)
  put(name, "cumulative_hazard", "estimate", at, found$cumhaz)
  put(name, "cumulative_hazard", "std_error", at, found$std.chaz)
  kept <- at > 0 & found$n.event > 0 & found$surv > 0 & found$surv < 1
  put(name, "log_log", "estimate", at[kept], log(-log(found$surv[kept])))
  put(name, "log_log", "lower", at[kept], log(-log(found$upper[kept])))
  put(name, "log_log", "upper", at[kept], log(-log(found$lower[kept])))
}

write.csv(do.call(rbind, rows), target, row.names = FALSE, quote = FALSE)
