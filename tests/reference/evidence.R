# Pools the deaths from the treatment in data/evidence/studies.csv, once more in R.
#   Rscript tests/reference/evidence.R data/evidence/studies.csv [output.csv]
# writes one row a quantity and set of studies: method, set, quantity, value (17 significant digits).
# Sets: pooled (marked main), pooled_all (main and overlap), without_<study> (main but one).
# "likelihood" needs R alone: the binomial-normal likelihood by adaptive integration, and a general
# optimiser. "lme4::glmer" is R's own fit of the same model by 25 points of adaptive Gauss-Hermite
# quadrature, written where lme4 is installed.
arguments <- commandArgs(TRUE)
studies <- read.csv(arguments[1], encoding = "UTF-8")
target <- if (length(arguments) > 1) arguments[2] else ""

rows <- list()
put <- function(method, set, quantity, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    method, set, quantity, value = trimws(formatC(value, digits = 17, format = "g"))
  )
}
main <- studies[studies$pool == "main", ]
sets <- c(
  list(pooled = main, pooled_all = studies[studies$pool != "", ]),
  setNames(lapply(seq_len(nrow(main)), function(k) main[-k, ]), paste0("without_", main$study))
)
by_hand <- function(set, d) {
  likelihood <- function(mu, tau) sum(mapply(function(x, n) {
    if (tau == 0) return(dbinom(x, n, plogis(mu), log = TRUE))
    density <- function(z) dbinom(x, n, plogis(mu + tau * z)) * dnorm(z)
    log(integrate(density, -11, 11, rel.tol = 1e-12, subdivisions = 5000)$value)
  }, d$n, d$N))
  alike <- optimise(function(m) likelihood(m, 0), c(-8, 3), maximum = TRUE, tol = 1e-10)
  fit <- optim(
    c(alike$maximum, log(0.5)), function(p) -likelihood(p[1], exp(p[2])), method = "L-BFGS-B",
    lower = c(-10, log(1e-4)), upper = c(5, 3), control = list(factr = 10, ndeps = c(1e-5, 1e-5))
  )
  differ <- -fit$value > alike$objective + 1e-9
  put("likelihood", set, "tau2", if (differ) exp(2 * fit$par[2]) else 0)
  statistic <- 2 * max(-fit$value - alike$objective, 0)
  put("likelihood", set, "statistic", if (differ) statistic else 0)
  put("likelihood", set, "logit_estimate", if (differ) fit$par[1] else alike$maximum)
  if (!differ) return()
  bend <- optimHess(
    c(fit$par[1], exp(fit$par[2])), function(p) -likelihood(p[1], p[2]),
    control = list(ndeps = c(1e-3, 1e-3))
  )
  put("likelihood", set, "logit_std_error", sqrt(solve(bend)[1, 1]))
}
by_glmer <- function(set, d) {
  fit <- suppressMessages(lme4::glmer(
    cbind(n, N - n) ~ 1 + (1 | study), d, binomial, nAGQ = 25,
    control = lme4::glmerControl(
      optimizer = "nloptwrap", tolPwrss = 1e-10,
      optCtrl = list(
        xtol_abs = 1e-12, ftol_abs = 1e-14, xtol_rel = 1e-12, ftol_rel = 1e-16, maxeval = 1e5
      )
    )
  ))
  put("lme4::glmer", set, "logit_estimate", lme4::fixef(fit))
  put("lme4::glmer", set, "logit_std_error", sqrt(vcov(fit)[1, 1]))
  put("lme4::glmer", set, "tau2", as.numeric(lme4::VarCorr(fit)$study))
}
present <- requireNamespace("lme4", quietly = TRUE)
for (set in names(sets)) {
  by_hand(set, sets[[set]])
  if (present) by_glmer(set, sets[[set]])
}
write.csv(do.call(rbind, rows), target, row.names = FALSE, quote = FALSE)
