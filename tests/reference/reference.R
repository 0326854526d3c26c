# Reference values for the estimators of nissc1.stats, from R's own packages.
#   Rscript tests/reference/reference.R [output.csv]
# reads data/*.csv beside this script and writes one row a number:
#   dataset, method, quantity, key (a time, a covariate, a table), value (17 significant digits).
# Needs survival and cmprsk; the mixed model needs nlme and is left out where that is absent.
suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
})

arguments <- commandArgs(FALSE)
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", arguments, value = TRUE)[1])))
target <- commandArgs(TRUE)
target <- if (length(target)) target[1] else file.path(here, "reference.csv")

rows <- list()
put <- function(dataset, method, quantity, key, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    dataset, method, quantity, key = as.character(key),
    value = if (is.character(value)) value else trimws(formatC(value, digits = 17, format = "g")),
    stringsAsFactors = FALSE
  )
}

read <- function(name) read.csv(file.path(here, "data", paste0(name, ".csv")))
survival_sets <- c(
  "heavy_ties", "three_causes", "no_censoring", "mostly_censored", "day_zero", "one_cause",
  "no_ties", "unequal_groups", "transplant", "many_patients", "group_leaves_early"
)

put("session", "version", "R", "", as.character(getRversion()))
put("session", "version", "survival", "", as.character(packageVersion("survival")))
put("session", "version", "cmprsk", "", as.character(packageVersion("cmprsk")))

for (name in survival_sets) {
  d <- read(name)
  at <- sort(unique(d$time))

  for (kind in c("plain", "log", "log-log")) {
    fit <- summary(survfit(Surv(time, event) ~ 1, d, conf.type = kind), times = at)
    if (kind == "plain") {
      put(name, "km", "estimate", at, fit$surv)
      put(name, "km", "std_error", at, fit$std.err)
      put(name, "km", "n_at_risk", at, fit$n.risk)
      put(name, "km", "n_events", at, cumsum(fit$n.event))
    }
    put(name, paste0("km.", kind), "lower", at, fit$lower)
    put(name, paste0("km.", kind), "upper", at, fit$upper)
  }
  for (kind in c("plain", "log-log")) {
    q <- quantile(
      survfit(Surv(time, 1 - event) ~ 1, d, conf.type = kind), c(0.25, 0.5, 0.75)
    )
    for (part in c("quantile", "lower", "upper")) {
      put(name, paste0("followup.", kind), part, c(0.25, 0.5, 0.75), q[[part]])
    }
  }

  test <- survdiff(Surv(time, event) ~ group, d)
  df <- sum(test$exp > 0) - 1
  put(name, "logrank", "statistic", "", test$chisq)
  put(name, "logrank", "df", "", df)
  put(name, "logrank", "p_value", "", pchisq(test$chisq, df, lower.tail = FALSE))

  for (of in sort(unique(d$cause[d$cause > 0]))) {
    fit <- cuminc(d$time, d$cause)
    curve <- fit[paste(1, of)]
    points <- timepoints(curve, at)
    put(name, paste0("cif.", of), "estimate", at, points$est[1, ])
    put(name, paste0("cif.", of), "variance", at, points$var[1, ])
    if (name != "group_leaves_early") {
      test <- cuminc(d$time, d$cause, d$group)$Tests[as.character(of), ]
    } else {
      e <- d[d$group != "C", ]  # cuminc gives up on a group that is never at risk of an event
      test <- cuminc(e$time, e$cause, e$group)$Tests[as.character(of), ]
    }
    put(name, paste0("gray.", of), "statistic", "", test[["stat"]])
    put(name, paste0("gray.", of), "df", "", test[["df"]])
    put(name, paste0("gray.", of), "p_value", "", test[["pv"]])
  }

  fit <- coxph(
    Surv(time, event) ~ x1 + x2 + x3, d, ties = "efron",
    control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  )
  s <- summary(fit)
  put(name, "cox", "coef", rownames(s$coefficients), s$coefficients[, "coef"])
  put(name, "cox", "std_error", rownames(s$coefficients), s$coefficients[, "se(coef)"])
  put(name, "cox", "p_value", rownames(s$coefficients), s$coefficients[, "Pr(>|z|)"])
  put(name, "cox", "hazard_ratio", rownames(s$coefficients), s$conf.int[, "exp(coef)"])
  put(name, "cox", "lower", rownames(s$coefficients), s$conf.int[, "lower .95"])
  put(name, "cox", "upper", rownames(s$coefficients), s$conf.int[, "upper .95"])
  put(name, "cox", "log_likelihood", c("null", "fitted"), fit$loglik)
}

pairs <- read("pairs")
rho <- suppressWarnings(cor.test(pairs$x, pairs$y, method = "spearman", exact = FALSE))
put("pairs", "spearman", "coefficient", "", rho$estimate)
put("pairs", "spearman", "p_value", "", rho$p.value)

cells <- read("tables")
for (name in unique(cells$table)) {
  part <- cells[cells$table == name, ]
  counts <- xtabs(count ~ row + column, part)
  for (corrected in c(TRUE, FALSE)) {
    test <- suppressWarnings(chisq.test(counts, correct = corrected))
    method <- if (corrected) "chi_squared.corrected" else "chi_squared"
    put("tables", method, "statistic", name, test$statistic)
    put("tables", method, "df", name, test$parameter)
    put("tables", method, "p_value", name, test$p.value)
  }
  test <- fisher.test(counts)
  put("tables", "fisher", "p_value", name, test$p.value)
  if (nrow(counts) == 2) put("tables", "fisher", "coefficient", name, test$estimate)
}

visits <- read("visits")
visits$month <- factor(visits$month)
visits$id <- factor(visits$id)
incomplete <- visits$id %in% visits$id[is.na(visits$score)]
full <- droplevels(visits[!incomplete, ])
put("visits", "anova", "n_subjects", "", nlevels(full$id))
within <- summary(aov(score ~ month + Error(id / month), full))[["Error: id:month"]][[1]]
put("visits", "anova", "statistic", "", within[1, "F value"])
put("visits", "anova", "df", "", within[1, "Df"])
put("visits", "anova", "df_residual", "", within[2, "Df"])
put("visits", "anova", "p_value", "", within[1, "Pr(>F)"])
wide <- t(unstack(full, score ~ id))
spherical <- anova(lm(wide ~ 1), X = ~1, test = "Spherical")
put("visits", "anova", "p_corrected", "", spherical[1, "G-G Pr"])
covariance <- var(wide)
centred <- covariance - rowMeans(covariance)
centred <- t(t(centred) - colMeans(centred))
epsilon <- sum(diag(centred))^2 / ((ncol(wide) - 1) * sum(centred^2))
put("visits", "anova", "epsilon", "", epsilon)

if (requireNamespace("nlme", quietly = TRUE)) {
  put("session", "version", "nlme", "", as.character(packageVersion("nlme")))
  fit <- nlme::lme(
    score ~ month, random = ~ 1 | id, data = visits, method = "REML", na.action = na.omit,
    control = nlme::lmeControl(msTol = 1e-14, tolerance = 1e-12, msMaxIter = 500, opt = "optim", reltol = 1e-16)
  )
  b <- nlme::fixef(fit)[-1]
  wald <- drop(t(b) %*% solve(vcov(fit)[-1, -1]) %*% b)
  put("visits", "mixed", "statistic", "", wald)
  put("visits", "mixed", "df", "", length(b))
  put("visits", "mixed", "p_value", "", pchisq(wald, length(b), lower.tail = FALSE))
}

write.csv(do.call(rbind, rows), target, row.names = FALSE, quote = FALSE)
