# The whole analysis of a data release once more, in R, from its five CSV files alone.
#   Rscript tests/reference/release.R data/releases/2021.02 [output.csv]
# writes one row a results record: record_id, estimate, lower, upper, n, events, denominator
# (17 significant digits, empty where a figure has none), to standard output by default.
# It shares no code and no intermediate result with the package, so that tests/
# test_release_against_r.py, which compares the two, finds an error in either.
# Needs survival, nlme and cmprsk.
suppressPackageStartupMessages({
  library(survival)
  library(cmprsk)
  library(nlme)
})

arguments <- commandArgs(TRUE)
if (length(arguments) < 1) stop("Give the folder of a release, such as data/releases/2021.02.")
folder <- arguments[1]
target <- if (length(arguments) > 1) arguments[2] else ""

read_table <- function(name, ...) {
  d <- read.csv(file.path(folder, paste0(name, ".csv")), na.strings = "", encoding = "UTF-8", ...)
  answers <- sapply(d, function(x) is.character(x) && all(x %in% c("yes", "no", NA)))
  d[answers] <- lapply(d[answers], function(x) x == "yes")
  d
}
patients <- read_table("patients", colClasses = c(sex = "character"))
transplants <- read_table("transplants")
outcomes <- read_table("outcomes")
visits <- read_table("visits")
events <- read_table("adverse_events")
stopifnot(setequal(patients$patient_id, outcomes$patient_id), !anyDuplicated(outcomes$patient_id))

MONTH <- 365.25 / 12
MEASURES <- c(
  mrss = "mrss", fvc = "fvc_pct", dlco = "dlco_pct", shaq = "shaq", esr = "esr_mm_h"
)

# ---- What a record is made of -------------------------------------------------------------------
records <- list()
put <- function(id, estimate = NA, lower = NA, upper = NA, n = NA, events = NA, denominator = NA) {
  digits <- function(x) if (is.na(x)) "" else formatC(x[[1]], digits = 17, format = "g", width = 1)
  numbers <- list(estimate, lower, upper, n, events, denominator)
  records[[length(records) + 1]] <<- c(id, vapply(numbers, digits, ""))
}
# A missing value counts as no, but leaves the denominator of a percentage.
count <- function(id, x, of = length(x)) put(id, sum(x, na.rm = TRUE), n = of)
share <- function(id, x) {
  x <- x[!is.na(x)]
  put(id, 100 * mean(x), n = length(x), events = sum(x), denominator = length(x))
}
middle <- function(id, x) {
  f <- fivenum(x)
  put(id, f[3], f[1], f[5], n = sum(!is.na(x)))
}
abnormal <- function(x) factor(x, c("normal", "abnormal")) == "abnormal"

# ---- Table 1 ------------------------------------------------------------------------------------
at_0 <- visits[visits$month == 0, c("patient_id", MEASURES)]
b <- merge(merge(patients, transplants, by = "patient_id", all.x = TRUE), at_0, all.x = TRUE)
b <- b[match(outcomes$patient_id, b$patient_id), ]

count("cohort.n", !is.na(b$age_years))
measured <- c(
  age = "age_years", disease_duration = "disease_duration_months", mrss = "mrss",
  fvc = "fvc_pct", fev1 = "fev1_pct", dlco = "dlco_pct", sbp = "sbp_mmhg", dbp = "dbp_mmhg",
  heart_rate = "heart_rate_bpm", lvef = "lvef_pct", spap = "spap_mmhg",
  pap_mean = "pap_mean_mmhg", pap_systolic = "pap_systolic_mmhg",
  pap_diastolic = "pap_diastolic_mmhg", ck = "ck_u_l"
)
for (name in names(measured)) middle(paste0("baseline.", name), b[[measured[name]]])
share("baseline.female", b$sex == "F")
bmi <- 10000 * b$weight_kg / b$height_cm^2
share("baseline.bmi_under_18_5", bmi < 18.5)
share("baseline.bmi_18_5_to_30", !(bmi < 18.5 | bmi > 30))
share("baseline.bmi_over_30", bmi > 30)
count("baseline.skin_involvement", b$mrss > 0)
share("baseline.mrss_over_15", b$mrss > 15)
share("baseline.lung_function_done", !is.na(b$fvc_pct))
share("baseline.echo_done", !is.na(b$lvef_pct))
share("baseline.chest_imaging_done", !(b$chest_xray == "not done" & b$hrct == "not done"))
share("baseline.lung_imaging_abnormal", b$chest_xray == "abnormal" | b$hrct == "abnormal")
for (exam in c("chest_xray", "hrct", "resting_ecg")) {
  share(paste0("baseline.", exam, "_abnormal"), abnormal(b[[exam]]))
}
share("baseline.holter_abnormal", abnormal(b$holter_ecg))
share("baseline.mri_abnormal", abnormal(b$cardiac_mri))
share("baseline.holter_done", b$holter_ecg %in% c("normal", "abnormal"))
share("baseline.mri_done", b$cardiac_mri %in% c("normal", "abnormal"))
share("baseline.rhc_done", b$rhc %in% c("normal", "abnormal"))
share("baseline.fluid_challenge_done", b$fluid_challenge)
share("baseline.crepitations", b$lung_crepitations)
share("baseline.scl70", b$anti_scl70)
share("baseline.anticentromere", b$anti_centromere)
for (column in c(
  "pericardial_effusion", "joint_involvement", "muscle_weakness", "proteinuria", "haematuria", "ana"
)) share(paste0("baseline.", column), b[[column]])
share("baseline.ck_250_or_more", b$ck_u_l >= 250)
middle(
  "baseline.creatinine_clearance",
  (140 - b$age_years) * b$weight_kg / (72 * b$creatinine_umol_l / 88.4)
)
share("history.any", b$prior_immunosuppression)
middle("history.cyclophosphamide_dose", b$prior_cyclophosphamide_g)
for (drug in c(
  "cyclophosphamide", "methotrexate", "mycophenolate", "prednisone", "azathioprine", "atg",
  "ciclosporin"
)) share(paste0("history.", drug), b[[paste0("prior_", drug)]])

# ---- Table 2 ------------------------------------------------------------------------------------
dose <- b$mobilisation_cyc_g_m2
count("procedure.mobilisation_cyc", b$mobilisation_cyc)
middle("procedure.mobilisation_cyc_dose", dose)
share("procedure.mobilisation_cyc_2", dose == 2)
share("procedure.mobilisation_cyc_4", dose == 4)
share("procedure.mobilisation_cyc_other", !(dose %in% c(2, 4)) & dose > 0)
count("procedure.mobilisation_cyc_missing", is.na(dose))
share("procedure.mobilisation_gcsf", b$mobilisation_gcsf)
for (k in 1:3) share(paste0("procedure.leukapheresis_", k), b$leukaphereses == k)
middle("procedure.mobilisation_to_conditioning", b$mobilisation_to_conditioning_days)
share("procedure.cd34_selected", b$cd34_selection)
share("procedure.cd34_unselected", !b$cd34_selection)
middle("procedure.cd34_dose", b$cd34_dose)
conditioning <- split(b, ifelse(b$thiotepa_mg_kg > 0, "thiotepa", "alone"))
alone <- b$thiotepa_mg_kg == 0
count("procedure.conditioning_cyc", b$conditioning_cyc_mg_kg > 0)
middle("procedure.conditioning_cyc_dose", b$conditioning_cyc_mg_kg)
share("procedure.conditioning_cyc_200", alone & b$conditioning_cyc_mg_kg == 200)
share("procedure.conditioning_cyc_other", alone & b$conditioning_cyc_mg_kg != 200)
share("procedure.conditioning_cyc_alone", alone)
share("procedure.conditioning_cyc_100_thiotepa", b$thiotepa_mg_kg > 0)
middle("procedure.thiotepa_cyc_dose", conditioning$thiotepa$conditioning_cyc_mg_kg)
middle("procedure.thiotepa_dose", conditioning$thiotepa$thiotepa_mg_kg)
share("procedure.atg_rabbit", !is.na(b$atg_brand))
atg <- split(b$atg_dose_mg_kg, b$atg_brand)
middle("procedure.thymoglobulin_dose", atg$Thymoglobulin)
middle("procedure.grafalon_dose", atg$Grafalon)
middle("procedure.atg_days", b$atg_days)
share("procedure.methylprednisolone", b$methylprednisolone)
count("procedure.tbi", b$total_body_irradiation)
share("procedure.gcsf_after", b$gcsf_after)
middle("procedure.gcsf_days", b$gcsf_after_days)
middle("procedure.mobilisation_stay", b$mobilisation_stay_days)
middle("procedure.conditioning_stay", b$conditioning_stay_days)

# ---- Enrolment, follow-up -----------------------------------------------------------------------
put("cohort.centres", length(table(b$centre)))
put("cohort.countries", length(table(b$country)))
put("cohort.european_countries", length(setdiff(unique(b$country), c("BR", NA))))
last <- outcomes$last_contact_day
dead <- outcomes$vital_status == "dead"
middle("followup.median", last[!dead] / MONTH)
reverse <- survfit(Surv(last / MONTH, !dead) ~ 1, conf.type = "plain")
half <- quantile(reverse, 0.5)
put("followup.reverse_km", half$quantile, half$lower, half$upper, n = reverse$n)

# ---- Endpoints ----------------------------------------------------------------------------------
# Multi-state coding: 0 censored, 1 progression, 2 death without it.
progressed <- !is.na(outcomes$progression_day)
until <- pmin(outcomes$progression_day, last, na.rm = TRUE)
state <- ifelse(progressed, 1, ifelse(dead, 2, 0))

survival_at <- function(id, time, event, at) {
  s <- summary(survfit(Surv(time, event) ~ 1, conf.type = "plain"), times = at)
  put(id, 100 * s$surv, 100 * s$lower, 100 * s$upper, length(time), sum(s$n.event), s$n.risk)
}
incidence_at <- function(id, time, cause, at) {
  # cuminc stops at the last observation; if that was an event, nobody is left and the curve stays.
  ended <- all(cause[time == max(time)] > 0)
  curve <- timepoints(cuminc(time, cause)["1 1"], if (ended) min(at, max(time)) else at)
  f <- curve$est[[1]]
  # Delta method on log(-log F) with the variance that cuminc prints.
  spread <- qnorm(0.975) * sqrt(curve$var[[1]]) / (f * log(f))
  limits <- if (f > 0 && f < 1) sort(exp(log(f) * exp(c(-1, 1) * spread))) else c(f, f)
  put(
    id, 100 * f, 100 * limits[1], 100 * limits[2], length(time),
    sum(cause == 1 & time <= at), sum(time >= at)
  )
}
for (month in c(12, 24)) {
  survival_at(paste0("os.", month, "m"), last, dead, month * MONTH)
  survival_at(paste0("pfs.", month, "m"), until, state > 0, month * MONTH)
  incidence_at(paste0("progression.", month, "m"), until, state, month * MONTH)
  incidence_at(paste0("nrm.", month, "m"), until, c(0, 2, 1)[state + 1], month * MONTH)
}
incidence_at("nrm.100d", until, c(0, 2, 1)[state + 1], 100)

# ---- Response: it follows from the visits -------------------------------------------------------
seen <- merge(
  visits[visits$month > 0 & visits$visit_day > 0, ], at_0,
  by = "patient_id", all.x = TRUE, suffixes = c("", "_0")
)
barred <- outcomes$immunosuppression_day[match(seen$patient_id, outcomes$patient_id)]
seen <- seen[is.na(barred) | seen$visit_day < barred, ]
milli <- function(x) round(1000 * x) # decimal fractions as whole numbers, so that 66 is 110 % of 60
seen$by_mrss <- (seen$mrss < 0.75 * seen$mrss_0) %in% TRUE
seen$by_fvc <- (10 * milli(seen$fvc_pct) >= 11 * milli(seen$fvc_pct_0)) %in% TRUE
seen$by_dlco <- (10 * milli(seen$dlco_pct) >= 11 * milli(seen$dlco_pct_0)) %in% TRUE
met <- seen[seen$by_mrss | seen$by_fvc | seen$by_dlco, ]
met <- met[order(met$visit_day), ]
first <- do.call(rbind, lapply(split(met, met$patient_id), head, 1))
for (way in c("by_mrss", "by_fvc", "by_dlco")) {
  count(paste0("response.", way), first[[way]])
}
response_day <- first$visit_day[match(outcomes$patient_id, first$patient_id)]
response_state <- ifelse(!is.na(response_day), 1, ifelse(dead, 2, 0))
response_time <- ifelse(is.na(response_day), last, response_day)
for (month in c(12, 24)) {
  incidence_at(paste0("response.", month, "m"), response_time, response_state, month * MONTH)
}
with_thiotepa <- outcomes$patient_id %in% conditioning$thiotepa$patient_id
share("response.thiotepa", response_state[with_thiotepa] == 1)
count("progression.thiotepa", progressed[with_thiotepa])
thiotepa_days <- outcomes$progression_day[with_thiotepa & progressed]
put("progression.thiotepa_day", if (length(thiotepa_days)) min(thiotepa_days) else NA, n = 1)

# ---- Engraftment --------------------------------------------------------------------------------
middle("engraftment.neutrophils", b$neutrophil_engraftment_day)
middle("engraftment.platelets", b$platelet_engraftment_day)
share("engraftment.never_below_platelets", b$platelets_never_below_20)
engraftment <- function(id, day, waiting) {
  time <- ifelse(is.na(day), last, day)
  cause <- ifelse(is.na(day), 2 * dead, 1)
  incidence_at(id, time[waiting], cause[waiting], 28)
}
engraftment("engraftment.neutrophils_28d", b$neutrophil_engraftment_day, rep(TRUE, nrow(b)))
engraftment(
  "engraftment.platelets_28d", b$platelet_engraftment_day, !(b$platelets_never_below_20 %in% TRUE)
)
rho <- cor.test(
  ~ cd34_dose + neutrophil_engraftment_day, b, method = "spearman", exact = FALSE
)
pairs <- sum(complete.cases(b[c("cd34_dose", "neutrophil_engraftment_day")]))
put("engraftment.cd34_correlation", rho$estimate, n = pairs)
put("engraftment.cd34_correlation_p", rho$p.value, n = pairs)

# ---- Prognostic factors -------------------------------------------------------------------------
x <- data.frame(
  age = b$age_years / 10,
  male = b$sex == "M",
  disease_duration_over_24 = b$disease_duration_months > 24,
  mrss_over_24 = b$mrss > 24,
  fvc_under_70 = b$fvc_pct < 70,
  dlco_under_60 = b$dlco_pct < 60,
  scl70 = b$anti_scl70,
  proteinuria = b$proteinuria,
  mri_abnormal = abnormal(b$cardiac_mri),
  holter_abnormal = abnormal(b$holter_ecg),
  pericardial_effusion = b$pericardial_effusion,
  spap_over_25 = b$spap_mmhg > 25,
  prior_cyclophosphamide = b$prior_cyclophosphamide,
  mobilisation_cyc_4 = c(`2` = FALSE, `4` = TRUE)[as.character(dose)],
  conditioning_not_200 = !(alone & b$conditioning_cyc_mg_kg == 200),
  no_cd34_selection = !b$cd34_selection
) * 1
cox <- function(time, event, names) {
  fit <- coxph(
    Surv(time, event) ~ ., data.frame(time, event, x[names]), ties = "efron",
    control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  )
  s <- summary(fit)
  data.frame(s$conf.int, p = s$coefficients[, "Pr(>|z|)"], n = fit$n, events = fit$nevent)
}
put_ratio <- function(id, fit) {
  put(id, fit$exp.coef., fit$lower..95, fit$upper..95, fit$n, fit$events)
}
# Each candidate alone: Wald for age, log-rank or Gray for groups. A missing value leaves the row.
alone_p <- function(topic, time, cause) {
  sapply(names(x), function(name) {
    id <- paste0(topic, ".univariate.", name)
    known <- !is.na(x[[name]])
    of_interest <- (cause == 1)[known]
    # No finite ratio where only one of the groups has an event.
    one_sided <- name != "age" && any(tapply(of_interest, x[known, name], sum) == 0)
    if (one_sided) put(id, n = sum(known), events = sum(of_interest))
    if (!one_sided) put_ratio(id, fit <- cox(time, cause == 1, name))
    p <- if (name == "age") {
      fit$p
    } else if (any(cause == 2)) {
      cuminc(time[known], cause[known], x[known, name])$Tests["1", "pv"]
    } else {
      pchisq(survdiff(Surv(time, cause) ~ x[[name]])$chisq, 1, lower.tail = FALSE)
    }
    put(paste0(id, ".p"), p, n = sum(known))
    p
  })
}
joint <- function(topic, time, cause, p, always, in_model) {
  entered <- union(in_model, names(p)[p < 0.1])
  fit <- cox(time, cause == 1, entered)
  for (name in union(always, entered)) {
    id <- paste0(topic, ".cox.", sub("^no_cd34", "cd34", name))
    if (name %in% entered) put_ratio(id, fit[name, ]) else put(id)
  }
}
event_free <- 1 * (state > 0)
p <- alone_p("pfs", until, event_free)
joint("pfs", until, event_free, p, c("mrss_over_24", "age"), NULL)
for (above in c(FALSE, TRUE)) {
  group <- x$mrss_over_24 %in% above
  id <- paste0("pfs.by_mrss.", if (above) "above" else "up_to", "_24.24m")
  survival_at(id, until[group], event_free[group], 24 * MONTH)
}
p <- alone_p("response", response_time, response_state)
joint("response", response_time, response_state, p, NULL, "no_cd34_selection")

# ---- Competing risks ------------------------------------------------------------------------------
causes <- list(progression = state, nrm = c(0, 2, 1)[state + 1])
at_24 <- 24 * MONTH
for (key in names(causes)) {
  cause <- causes[[key]]
  put(paste0("competing.", key, ".events"), sum(cause == 1))
  for (name in c("mrss_over_24", "male", "scl70", "no_cd34_selection")) {
    id <- paste0("gray.", key, ".", name)
    for (value in 0:1) {
      part <- which(x[[name]] == value)
      incidence_at(paste0(id, c(".without", ".with")[value + 1]), until[part], cause[part], at_24)
    }
    known <- !is.na(x[[name]])
    test <- cuminc(until[known], cause[known], x[known, name])$Tests
    put(paste0(id, ".p"), test["1", "pv"], n = sum(known))
  }
  both <- x[c("mrss_over_24", "age")]
  robust <- summary(coxph(
    Surv(until, cause == 1) ~ ., data.frame(until, cause, both)[, -2], robust = TRUE,
    control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  ))
  sub <- crr(until + 1, cause, both, gtol = 1e-10, maxiter = 60) # crr wants times above 0
  for (name in names(both)) {
    put_ratio(
      paste0("competing.", key, ".cox.", name),
      list(
        exp.coef. = robust$conf.int[name, 1], lower..95 = robust$conf.int[name, 3],
        upper..95 = robust$conf.int[name, 4], n = robust$n, events = robust$nevent
      )
    )
    spread <- qnorm(0.975) * sqrt(sub$var[match(name, names(sub$coef)), match(name, names(sub$coef))])
    put(
      paste0("competing.", key, ".fine_gray.", name), exp(sub$coef[name]),
      exp(sub$coef[name] - spread), exp(sub$coef[name] + spread), nrow(x), sum(cause == 1)
    )
  }
}
normal_limits <- function(id, mean, error, months, n, events, between = c(-Inf, Inf)) {
  limits <- pmin(pmax(mean + c(-1, 1) * qnorm(0.975) * error, between[1]), between[2])
  put(id, mean, limits[1], limits[2], n, events)
}
lived <- function(time, event, months) {
  fit <- summary(survfit(Surv(time / MONTH, event) ~ 1), rmean = months)$table
  c(fit[["rmean"]], fit[["se(rmean)"]], length(time), sum(event & time / MONTH <= months))
}
put_lived <- function(id, found, months) {
  normal_limits(id, found[1], found[2], months, found[3], found[4], c(0, months))
}
for (months in c(12, 24)) {
  put_lived(paste0("rmst.os.", months, "m"), lived(last, dead, months), months)
  put_lived(paste0("rmst.pfs.", months, "m"), lived(until, state > 0, months), months)
  high <- x$mrss_over_24 %in% 1
  two <- list(
    with = lived(until[high], state[high] > 0, months),
    without = lived(until[!high], state[!high] > 0, months)
  )
  id <- "rmst.mrss_over_24."
  for (place in names(two)) put_lived(paste0(id, place, ".", months, "m"), two[[place]], months)
  between <- two$with - two$without
  normal_limits(
    paste0(id, "difference.", months, "m"), between[1], sqrt(two$with[2]^2 + two$without[2]^2),
    months, two$with[3] + two$without[3], two$with[4] + two$without[4]
  )
  # Shifted by a month, since survfit.multistate counts from the first time above 0.
  states <- survfit(
    Surv(until / MONTH + 1, factor(state, 0:2, c("free", "progression", "nrm"))) ~ 1,
    id = seq_along(until), influence = TRUE
  )
  lost <- summary(states, rmean = months + 1)$table
  for (key in names(causes)) {
    normal_limits(
      paste0("lost.", key, ".", months, "m"), lost[key, "rmean"], lost[key, "se(rmean)"], months,
      length(until), sum(causes[[key]] == 1 & until / MONTH <= months), c(0, months)
    )
  }
}

# ---- Proportional hazards ------------------------------------------------------------------------
outcomes_of_models <- c(list(pfs = 1 * (state > 0)), causes)
for (key in names(outcomes_of_models)) {
  event <- outcomes_of_models[[key]] == 1
  fit <- coxph(
    Surv(until, event) ~ mrss_over_24 + age, x,
    control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
  )
  test <- cox.zph(fit, transform = "km")
  for (name in rownames(test$table)) {
    shown <- sub("GLOBAL", "global", name)
    put(paste0("zph.", key, ".", shown, ".p"), test$table[name, "p"], n = fit$n)
  }
  # Least squares on a natural spline, each residual with the variance of the coefficient times the
  # number of events.
  knots <- quantile(test$x, c(0.1, 0.5, 0.9), names = FALSE)
  basis <- function(at) {
    cbind(1, splines::ns(at, knots = knots[2], Boundary.knots = knots[c(1, 3)]))
  }
  weights <- basis(range(test$x)) %*% solve(crossprod(basis(test$x)), t(basis(test$x)))
  for (name in names(coef(fit))) {
    line <- drop(weights %*% test$y[, name])
    place <- match(name, names(coef(fit)))
    half <- qnorm(0.975) * sqrt(test$var[place, place] * rowSums(weights^2))
    for (k in 1:2) {
      put(
        paste0("zph.", key, ".", name, c(".first", ".last")[k]), exp(line[k]), exp(line[k] - half[k]),
        exp(line[k] + half[k]), fit$n, fit$nevent
      )
    }
  }
}

# ---- Few events -----------------------------------------------------------------------------------
exactly <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 60)
died <- 1 * (state > 0)
put("few.events", sum(died), n = nrow(x))
put("few.coefficients", 2)
put("few.candidates", ncol(x))
put("few.events_per_coefficient", sum(died) / 2)
put("few.events_per_candidate", sum(died) / ncol(x))
put("few.threshold", 10)
model <- scale(as.matrix(x[c("mrss_over_24", "age")]), scale = FALSE)
spread <- apply(model, 2, sd)
model <- sweep(model, 2, spread, "/")
usual <- cox(until, died, colnames(model))
for (name in colnames(model)) put_ratio(paste0("few.cox.", name), usual[name, ])
# Firth's penalty: half the log determinant of the information, maximised by general optimisers.
given <- function(b) coxph.fit(
  model, Surv(until, died), NULL, NULL, b, coxph.control(iter.max = 0), NULL, "efron",
  seq_along(until)
)
penalised <- function(b) {
  at <- suppressWarnings(given(b))
  at$loglik[1] - 0.5 * as.numeric(determinant(as.matrix(at$var))$modulus)
}
best <- optim(
  c(0, 0), function(b) -penalised(b), method = "BFGS",
  control = list(reltol = 1e-16, ndeps = c(1e-5, 1e-5))
)
for (j in 1:2) {
  profile <- function(b) optimise(
    function(other) penalised(if (j == 1) c(b, other) else c(other, b)),
    best$par[3 - j] + c(-3, 3), maximum = TRUE, tol = 1e-9
  )$objective
  fallen <- function(b) 2 * (-best$value - profile(b)) - qchisq(0.95, 1)
  low <- uniroot(fallen, best$par[j] - c(4, 0.1), tol = 1e-12)$root
  high <- uniroot(fallen, best$par[j] + c(0.1, 6), tol = 1e-12)$root
  ratio <- exp(c(best$par[j], low, high) / spread[j])
  put(
    paste0("few.firth.", colnames(model)[j]), ratio[1], ratio[2], ratio[3], length(until), sum(died)
  )
}
measured <- list(mrss = b$mrss, age = b$age_years)
cuts <- c(mrss = 24, age = median(b$age_years))
for (key in names(measured)) {
  value <- measured[[key]]
  designs <- list(
    two_groups = cbind(1 * (value > cuts[key])), straight_line = cbind(value),
    spline = splines::ns(
      value, knots = median(value), Boundary.knots = quantile(value, c(0.1, 0.9), names = FALSE)
    )
  )
  for (design in names(designs)) {
    columns <- designs[[design]]
    fit <- coxph(Surv(until, died) ~ columns, control = exactly)
    id <- paste0("continuous.", key, ".", design)
    if (design != "spline") {
      log_ratio <- coef(fit) + c(0, -1, 1) * qnorm(0.975) * sqrt(vcov(fit)[1])
      ratio <- exp((if (design == "straight_line") 10 else 1) * log_ratio)
      put(paste0(id, ".ratio"), ratio[1], ratio[2], ratio[3], fit$n, fit$nevent)
    }
    put(paste0(id, ".aic"), 2 * ncol(columns) - 2 * fit$loglik[2], n = fit$n)
    found <- concordance(fit)
    normal_limits(
      paste0(id, ".c"), found$concordance, sqrt(found$var), NA, fit$n, NA
    )
    ratio_test <- 2 * diff(fit$loglik)
    put(paste0(id, ".p"), pchisq(ratio_test, ncol(columns), lower.tail = FALSE), n = fit$n)
  }
}

# ---- Change over time ---------------------------------------------------------------------------
for (topic in names(MEASURES)) {
  d <- data.frame(
    id = visits$patient_id, month = visits$month, value = visits[[MEASURES[topic]]]
  )
  d <- d[!is.na(d$value), ]
  three <- d[d$month %in% c(0, 12, 24), ]
  complete <- names(which(table(three$id) == 3))
  three <- droplevels(transform(
    three[three$id %in% complete, ], id = factor(id), month = factor(month)
  ))
  n <- length(complete)
  put(paste0(topic, ".n"), n)
  for (month in levels(three$month)) {
    value <- three$value[three$month == month]
    put(paste0(topic, ".mean.", month, "m"), mean(value), n = n)
    put(paste0(topic, ".sd.", month, "m"), sd(value), n = n)
  }
  within <- summary(aov(value ~ month + Error(id / month), three))[["Error: id:month"]][[1]]
  # Greenhouse and Geisser's epsilon from the covariance of orthonormal contrasts.
  wide <- with(three, tapply(value, list(id, month), sum))
  v <- crossprod(contr.poly(3), cov(wide) %*% contr.poly(3))
  epsilon <- sum(diag(v))^2 / (2 * sum(v^2))
  p <- pf(
    within[1, "F value"], epsilon * within[1, "Df"], epsilon * within[2, "Df"], lower.tail = FALSE
  )
  put(paste0(topic, ".p"), p, n = n)

  every <- d[d$id %in% complete, ]
  every$visit <- factor(every$month)
  mixed <- lme(
    value ~ visit, every, random = ~ 1 | id, method = "REML",
    control = lmeControl(
      msTol = 1e-14, tolerance = 1e-12, msMaxIter = 500, opt = "optim", reltol = 1e-16
    )
  )
  change <- fixef(mixed)[-1]
  wald <- drop(change %*% solve(vcov(mixed)[-1, -1], change))
  put(
    paste0(topic, ".p_all_visits"), pchisq(wald, length(change), lower.tail = FALSE), n = n
  )
}
put("figure2.months", max(visits$month))
for (topic in names(MEASURES)) for (month in range(visits$month)) {
  middle(
    paste0("figure2.", topic, ".", month, "m"), visits[visits$month == month, MEASURES[topic]]
  )
}

# ---- Course over the visits -----------------------------------------------------------------------
# Generalised least squares with any covariance matrix; degrees of freedom after Satterthwaite, from
# the expected information about its elements; estimating equations with Mancl and DeRouen's errors.
course <- function(topic) {
  d <- visits[!is.na(visits[[MEASURES[topic]]]), ]
  d <- d[order(d$patient_id, d$month), ]
  d$value <- d[[MEASURES[topic]]]
  d$visit <- as.integer(factor(d$month))
  d$month <- factor(d$month)
  d$who <- as.integer(factor(d$patient_id))
  months <- levels(d$month)
  size <- length(months)
  n <- as.vector(table(d$month))
  tight <- glsControl(
    tolerance = 1e-13, msTol = 1e-15, msMaxIter = 1000, maxIter = 1000, opt = "nlminb"
  )
  fit <- gls(
    value ~ month - 1, d, correlation = corSymm(form = ~ visit | who),
    weights = varIdent(form = ~ 1 | month), method = "REML", control = tight
  )
  simple <- gls(
    value ~ month - 1, d, correlation = corCompSymm(form = ~ visit | who), method = "REML",
    control = tight
  )
  ratio <- coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)[months]
  deviation <- fit$sigma * ratio
  correlation <- diag(size)
  correlation[lower.tri(correlation)] <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)
  correlation[upper.tri(correlation)] <- t(correlation)[upper.tri(correlation)]
  sigma <- outer(deviation, deviation) * correlation
  own <- split(seq_len(nrow(d)), d$who)
  parts <- lapply(own, function(rows) d$visit[rows])
  elements <- which(lower.tri(sigma, diag = TRUE), arr.ind = TRUE)
  unit <- lapply(seq_len(nrow(elements)), function(k) {
    m <- matrix(0, size, size)
    m[elements[k, 1], elements[k, 2]] <- m[elements[k, 2], elements[k, 1]] <- 1
    m
  })
  patterns <- unique(parts)
  number_of <- as.vector(table(match(parts, patterns)))
  by_patient <- function(f) Reduce(`+`, Map(f, parts, own))
  placed <- function(seen, block) {
    m <- matrix(0, size, size)
    m[seen, seen] <- block
    m
  }
  inverse <- function(seen) solve(sigma[seen, seen, drop = FALSE])
  means <- function() {
    right <- by_patient(function(seen, rows) {
      m <- numeric(size)
      m[seen] <- inverse(seen) %*% d$value[rows]
      m
    })
    drop(phi %*% right)
  }
  variance_of_means <- function() {
    solve(by_patient(function(seen, rows) placed(seen, inverse(seen))))
  }
  reactions <- function() { # of the means' information
    inverses <- lapply(patterns, inverse)
    lapply(unit, function(m) {
      Reduce(`+`, Map(function(seen, v, times) {
        placed(seen, times * v %*% m[seen, seen] %*% v)
      }, patterns, inverses, number_of))
    })
  }
  # The information about the covariance matrix, restricted: 1/2 tr(P M P M), patient by patient.
  number <- length(unit)
  phi <- variance_of_means()
  weighted <- reactions()
  expected_information <- function() {
    inverses <- lapply(patterns, inverse)
    found <- matrix(0, number, number)
    for (a in seq_len(number)) for (b in seq_len(a)) {
      plain <- crossed <- 0
      for (k in seq_along(patterns)) {
        seen <- patterns[[k]]
        v <- inverses[[k]]
        both <- v %*% unit[[a]][seen, seen] %*% v %*% unit[[b]][seen, seen]
        plain <- plain + number_of[[k]] * sum(diag(both))
        crossed <- crossed + number_of[[k]] * sum(phi[seen, seen] * t(both %*% v))
      }
      taken <- sum(diag(phi %*% weighted[[a]] %*% phi %*% weighted[[b]]))
      found[a, b] <- found[b, a] <- 0.5 * (plain - 2 * crossed + taken)
    }
    found
  }
  information <- expected_information()
  # gls ends with about five digits of the covariance matrix: the rest by scoring from there.
  for (step in 1:40) {
    beta <- means()
    squares <- by_patient(function(seen, rows) {
      placed(seen, tcrossprod(inverse(seen) %*% (d$value[rows] - beta[seen])))
    })
    expected <- by_patient(function(seen, rows) placed(seen, inverse(seen)))
    score <- sapply(seq_len(number), function(a) {
      0.5 * (sum(unit[[a]] * (squares - expected)) + sum(diag(phi %*% weighted[[a]])))
    })
    move <- solve(information, score)
    sigma <- sigma + Reduce(`+`, Map(`*`, move, unit))
    phi <- variance_of_means()
    weighted <- reactions()
    if (max(abs(move)) < 1e-10 * max(sigma)) break
  }
  beta <- means()
  information <- expected_information()
  w <- solve(information)
  with_limits <- function(id, weights, seen) {
    g <- sapply(weighted, function(m) drop(weights %*% phi %*% m %*% phi %*% weights))
    variance <- drop(weights %*% phi %*% weights)
    df <- 2 * variance^2 / drop(g %*% w %*% g)
    estimate <- sum(weights * beta)
    half <- qt(0.975, df) * sqrt(variance)
    put(id, estimate, estimate - half, estimate + half, n = seen)
  }
  change <- cbind(-1, diag(size - 1))
  id <- paste0("course.", topic)
  for (k in seq_len(size)) {
    with_limits(paste0(id, ".mean.", months[k], "m"), diag(size)[k, ], n[k])
    if (k > 1) with_limits(paste0(id, ".change.", months[k], "m"), change[k - 1, ], n[k])
  }
  statistic <- 2 * as.numeric(logLik(fit) - logLik(simple))
  df <- size * (size + 1) / 2 - 2
  put(paste0(id, ".structure"), statistic)
  put(paste0(id, ".structure_df"), df)
  put(paste0(id, ".structure_p"), pchisq(statistic, df, lower.tail = FALSE))
  standard <- unlist(lapply(own, function(rows) {
    seen <- d$visit[rows]
    forwardsolve(t(chol(sigma[seen, seen, drop = FALSE])), d$value[rows] - beta[seen])
  }))
  share(paste0(id, ".far_residuals"), abs(standard) > 2)
  put(paste0(id, ".skewness"), mean((standard - mean(standard))^3) /
    mean((standard - mean(standard))^2)^1.5)

  # Estimating equations: moment estimators of the exchangeable correlation, as geepack has them,
  # iterated here to the end.
  beta <- as.vector(tapply(d$value, d$month, mean))
  rho <- 0
  pairs <- sum(sapply(own, function(rows) length(rows) * (length(rows) - 1) / 2))
  repeat {
    before <- c(beta, rho)
    v <- lapply(parts, function(seen) solve((1 - rho) * diag(length(seen)) + rho))
    left <- Reduce(`+`, Map(function(v, seen) {
      m <- matrix(0, size, size)
      m[seen, seen] <- v
      m
    }, v, parts))
    right <- Reduce(`+`, Map(function(v, seen, rows) {
      m <- numeric(size)
      m[seen] <- v %*% d$value[rows]
      m
    }, v, parts, own))
    beta <- solve(left, right)
    residual <- d$value - beta[d$visit]
    scale <- sum(residual^2) / (nrow(d) - size)
    products <- sum(sapply(own, function(rows) {
      (sum(residual[rows])^2 - sum(residual[rows]^2)) / 2
    }))
    rho <- products / scale / (pairs - size)
    if (max(abs(c(beta, rho) - before)) < 1e-13 * max(abs(beta))) break
  }
  v <- lapply(parts, function(seen) solve((1 - rho) * diag(length(seen)) + rho))
  bread <- solve(Reduce(`+`, Map(function(v, seen) {
    m <- matrix(0, size, size)
    m[seen, seen] <- v
    m
  }, v, parts)))
  middle <- Reduce(`+`, Map(function(v, seen, rows) {
    leverage <- bread[seen, seen, drop = FALSE] %*% v
    m <- numeric(size)
    m[seen] <- v %*% solve(diag(length(seen)) - leverage, residual[rows])
    tcrossprod(m)
  }, v, parts, own))
  spread <- bread %*% middle %*% bread
  for (k in seq_len(size - 1)) {
    estimate <- sum(change[k, ] * beta)
    half <- qt(0.975, length(own) - size) * sqrt(drop(change[k, ] %*% spread %*% change[k, ]))
    put(
      paste0(id, ".gee.", months[k + 1], "m"), estimate, estimate - half, estimate + half,
      n = n[k + 1]
    )
  }
}
for (topic in names(MEASURES)) course(topic)

# ---- Response in depth ----------------------------------------------------------------------------
exact <- function(id, events, n) {
  limits <- if (n > 0) 100 * binom.test(events, n)$conf.int else c(NA, NA)
  put(id, 100 * events / n, limits[1], limits[2], n, events, n)
}
ways <- list(mrss = first$by_mrss, fvc = first$by_fvc, dlco = first$by_dlco)
for (number in 1:7) {
  chosen <- bitwAnd(number, c(1, 2, 4)) > 0
  of_kind <- Reduce(`&`, Map(`==`, ways, chosen))
  exact(
    paste0("response.first.", paste(names(ways)[chosen], collapse = "_")), sum(of_kind), nrow(first)
  )
}
for (name in names(ways)) {
  alone <- seen[seen[[paste0("by_", name)]], ]
  day <- tapply(alone$visit_day, alone$patient_id, min)[outcomes$patient_id]
  kind <- ifelse(!is.na(day), 1, ifelse(dead, 2, 0))
  for (month in c(12, 24)) {
    incidence_at(
      paste0("response.alone.", name, ".", month, "m"), ifelse(is.na(day), last, day), kind,
      month * MONTH
    )
  }
}
STATES <- c("response", "without", "progressed", "dead")
all_visits <- merge( # also those after further immunosuppression
  visits[visits$month > 0 & visits$visit_day > 0, ], at_0,
  by = "patient_id", all.x = TRUE, suffixes = c("", "_0")
)
all_visits$mrss_met <- all_visits$mrss < 0.75 * all_visits$mrss_0
all_visits$fvc_met <- 10 * milli(all_visits$fvc_pct) >= 11 * milli(all_visits$fvc_pct_0)
all_visits$dlco_met <- 10 * milli(all_visits$dlco_pct) >= 11 * milli(all_visits$dlco_pct_0)
all_visits <- all_visits[order(all_visits$visit_day), ]
lost_at <- sapply(outcomes$patient_id, function(who) {
  start <- first[first$patient_id == who, ]
  if (nrow(start) == 0) return(NA)
  had <- c("mrss_met", "fvc_met", "dlco_met")[unlist(start[c("by_mrss", "by_fvc", "by_dlco")])]
  later <- all_visits[all_visits$patient_id == who & all_visits$visit_day > start$visit_day, ]
  again <- rowSums(!is.na(later[had])) > 0
  holds <- rowSums(later[c("mrss_met", "fvc_met", "dlco_met")], na.rm = TRUE) > 0
  c(later$visit_day[again & !holds], NA)[1]
})
stays_of <- function(lost) {
  do.call(rbind, lapply(seq_len(nrow(outcomes)), function(k) {
    end <- min(outcomes$immunosuppression_day[k], lost[k], na.rm = TRUE)
    if (is.na(response_day[k])) end <- Inf
    day <- c(
      dead = if (dead[k]) last[k] else NA, progressed = outcomes$progression_day[k],
      response = response_day[k], without = if (is.finite(end)) end else NA
    )
    barred <- names(day) %in% c("response", "without") & day >= min(day["progressed"], Inf, na.rm = TRUE)
    day <- day[!is.na(day) & !(barred %in% TRUE) & day <= last[k]]
    day <- day[!duplicated(day)] # the first named of a day
    day <- sort(day)
    stop <- c(day, if (!dead[k] && (length(day) == 0 || max(day) < last[k])) last[k])
    to <- c(names(day), rep("censored", length(stop) - length(day)))
    data.frame(id = k, start = c(0, head(stop, -1)), stop = unname(stop), to = to)
  }))
}
for (reading in c("states", "states_visits")) {
  s <- stays_of(if (reading == "states") rep(NA, nrow(outcomes)) else lost_at)
  s$to <- factor(s$to, c("censored", STATES))
  s$from <- unlist(lapply(split(as.character(s$to), s$id), function(x) c("without", head(x, -1))))
  fit <- survfit(Surv(start, stop, to) ~ 1, s, id = id, istate = factor(from, STATES), influence = TRUE)
  for (month in c(12, 24)) {
    at <- summary(fit, times = month * MONTH)
    area <- summary(fit, rmean = month * MONTH)$table
    for (name in STATES) {
      p <- at$pstate[, match(name, fit$states)]
      error <- at$std.err[, match(name, fit$states)]
      limits <- sort(p^exp(c(1, -1) * qnorm(0.975) * error / (p * log(p))))
      if (error < 1e-12) limits <- c(NA, NA)
      reached <- length(unique(c(
        s$id[s$to == name & s$stop <= month * MONTH],
        s$id[s$from == name & s$start <= month * MONTH]
      )))
      id <- paste0(reading, ".", name)
      put(
        paste0(id, ".", month, "m"), 100 * p, 100 * limits[1], 100 * limits[2],
        n = nrow(outcomes), events = reached
      )
      spread <- c(-1, 1) * qnorm(0.975) * area[name, "se(rmean)"]
      mean <- c(area[name, "rmean"], pmin(pmax(area[name, "rmean"] + spread, 0), month * MONTH)) / MONTH
      put(
        paste0(id, ".time.", month, "m"), mean[1], mean[2], mean[3], n = nrow(outcomes),
        events = reached
      )
    }
  }
}

# ---- Change that matters --------------------------------------------------------------------------
described <- readLines(file.path(folder, "datapackage.json"))
cutoff <- sub('.*"data_cutoff": "([0-9-]+)".*', "\\1", grep('"data_cutoff"', described, value = TRUE)[1])
cutoff_day <- as.numeric(as.Date(cutoff) - as.Date(transplants$transplant_date))
could_be <- cutoff_day[match(outcomes$patient_id, transplants$patient_id)]
limits_of_change <- list(
  mrss = c(-1, 3.2, 5.3, 3.2, 5.3), fvc = c(1, 3.0, 5.3, 3.0, 3.3),
  shaq = c(-1, 0.10, 0.14, 0.10, 0.14)
)
for (topic in names(limits_of_change)) {
  given <- limits_of_change[[topic]]
  value_at <- function(month) {
    d <- visits[visits$month == month, ]
    d[[MEASURES[topic]]][match(outcomes$patient_id, d$patient_id)]
  }
  start <- value_at(0)
  for (month in c(12, 24)) {
    better <- given[1] * (milli(value_at(month)) - milli(start))
    among <- !is.na(start) & (could_be >= month * MONTH | !is.na(better))
    had <- list(
      better_smaller = better >= milli(given[2]), better_larger = better >= milli(given[3]),
      worse_smaller = better <= -milli(given[4]), worse_larger = better <= -milli(given[5])
    )
    for (name in names(had)) {
      id <- paste0("meaningful.", topic, ".", name, ".")
      exact(paste0(id, month, "m"), sum(had[[name]][among], na.rm = TRUE), sum(!is.na(better[among])))
      exact(paste0(id, "all.", month, "m"), sum(had[[name]][among], na.rm = TRUE), sum(among))
    }
  }
}

# ---- Missing visits -------------------------------------------------------------------------------
death_day <- ifelse(dead, last, Inf)
scheduled <- sort(unique(visits$month))
last_seen <- tapply(visits$month, visits$patient_id, max)[outcomes$patient_id]
status_at <- function(month, known) { # whether the patient is due, and what became of the visit
  early <- death_day < month * MONTH
  far <- could_be < month * MONTH
  seen_then <- outcomes$patient_id %in% visits$patient_id[visits$month == month]
  ifelse(known, "measured", ifelse(early, "died", ifelse(far, "not_due", ifelse(
    seen_then, "without", ifelse((last_seen > month) %in% TRUE, "missed", "gone")
  ))))
}
has_value <- function(month, column) {
  d <- visits[visits$month == month & !is.na(visits[[column]]), ]
  outcomes$patient_id %in% d$patient_id
}
for (month in scheduled) {
  status <- status_at(month, has_value(month, "visit_day"))
  kinds <- c(seen = "measured", missed = "missed", gone = "gone", died = "died", not_due = "not_due")
  for (name in names(kinds)) {
    put(
      paste0("visits.", name, ".", month, "m"), sum(status == kinds[name]), n = nrow(outcomes)
    )
  }
  for (topic in names(MEASURES)) {
    status <- status_at(month, has_value(month, MEASURES[topic]))
    due <- !status %in% c("died", "not_due")
    share(paste0("missing.", topic, ".", month, "m"), status[due] == "measured")
  }
}
due_at_24 <- !status_at(24, has_value(24, "mrss")) %in% c("died", "not_due")
for (topic in names(MEASURES)) {
  column <- MEASURES[topic]
  known <- sapply(scheduled[scheduled <= 24], has_value, column)[due_at_24, ]
  any_later <- t(apply(known, 1, function(x) rev(cumsum(rev(x))) > 0))
  kind <- ifelse(rowSums(known) == ncol(known), "complete", ifelse(
    rowSums(known) == 0, "none", ifelse(rowSums(!known & any_later) > 0, "intermittent", "monotone")
  ))
  for (name in c("complete", "monotone", "intermittent", "none")) {
    share(paste0("patterns.", topic, ".", name), kind == name)
  }
  status <- status_at(24, has_value(24, column))
  due <- !status %in% c("died", "not_due")
  taken <- status[due] == "measured"
  had <- (outcomes$progression_day[due] < 24 * MONTH) %in% TRUE
  id <- paste0("missing.", topic, ".")
  exact(paste0(id, "progressed"), sum(taken[had]), sum(had))
  exact(paste0(id, "not_progressed"), sum(taken[!had]), sum(!had))
  d <- visits[visits$month == 0, ]
  start <- d[[column]][match(outcomes$patient_id[due], d$patient_id)]
  sides <- c(sum(!is.na(start[!taken])), sum(!is.na(start[taken])))
  welch <- t.test(start[!taken], start[taken])
  put(
    paste0(id, "baseline_difference"), diff(rev(welch$estimate)), welch$conf.int[1],
    welch$conf.int[2], n = sum(sides), events = min(sides)
  )
  yearly <- sapply(c(0, 12, 24), has_value, column)[due_at_24, ]
  put(paste0("delta.", topic, ".imputed"), sum(rowSums(yearly) > 0 & !yearly[, 3]))
}

# ---- Complications by day 100 -------------------------------------------------------------------
ae <- events[which(events$onset_day >= 0 & events$onset_day <= 100), ]
infection <- ae$category == "infectious"
has <- function(rows) outcomes$patient_id %in% ae$patient_id[rows]
put("ae.total", nrow(ae))
put("ae.infectious.events", sum(infection))
put("ae.noninfectious.events", sum(!infection))
share("ae.infectious.patients", has(infection))
share("ae.noninfectious.patients", has(!infection))

terms <- list(
  noninfectious = c(
    cyc_cardiomyopathy = "Cyclophosphamide-related acute cardiomyopathy",
    cardiomyopathy_infarction = "Cardiomyopathy with myocardial infarction",
    ards_heart_failure = "Acute respiratory distress syndrome and acute heart failure",
    arrhythmia = "Arrhythmia",
    pericardial_effusion = "Pericardial effusion",
    atrial_flutter_fibrillation = "Atrial flutter or fibrillation",
    atg_allergy = paste(
      "Allergy to antithymocyte globulin with respiratory failure and pulmonary",
      "haemorrhagic syndrome"
    ),
    atg_fever = "Fever related to antithymocyte globulin",
    pulmonary_oedema = "Acute pulmonary oedema",
    renal_failure = "Renal failure",
    psychosis_depression = "Psychosis or depression",
    epistaxis = "Epistaxis",
    oral_mucositis = "Oral mucositis",
    anal_fissure = "Anal fissure",
    haemorrhagic_cystitis = "Haemorrhagic cystitis"
  ),
  infectious = c(
    neutropenic_fever = "not specified: Neutropenic fever without documented infection",
    catheter_infection = "not specified: Catheter infection",
    sepsis = "not specified: Sepsis",
    septic_shock = "not specified: Sepsis with septic shock",
    sinusitis = "not specified: Sinusitis",
    pneumonia = "not specified: Pneumonia",
    endocarditis = "not specified: Endocarditis",
    bacterial_pneumonia = "bacterial: Pneumonia",
    bacterial_pleuritis = "bacterial: Pleuritis",
    bacterial_sepsis_gram_positive = "bacterial: Sepsis with Gram-positive bacillus",
    bacterial_sepsis_gram_negative = "bacterial: Sepsis with Gram-negative bacillus",
    bacterial_catheter_infection = "bacterial: Catheter infection, not documented",
    bacterial_cellulitis = "bacterial: Cellulitis",
    viral_cmv_reactivation = "viral: Cytomegalovirus reactivation",
    viral_ebv_reactivation = "viral: Epstein-Barr virus reactivation",
    viral_pneumonia = "viral: Pneumonia",
    viral_herpes_simplex = "viral: Herpes simplex infection",
    viral_bk_cystitis = "viral: BK virus cystitis",
    viral_adenovirus_cystitis = "viral: Haemorrhagic cystitis with adenovirus",
    fungal_sinus_infection = "fungal: Sinus infection",
    fungal_fusarium_skin = "fungal: Fusarium skin infection of the right foot",
    fungal_candida_stomatitis = "fungal: Candida stomatitis",
    parasitic_toxoplasma = "parasitic: Toxoplasma reactivation"
  )
)
wording <- with(ae, ifelse(is.na(agent), term, paste0(agent, ": ", term)))
tally <- table(factor(wording, unlist(terms, use.names = FALSE)))
if (sum(tally) != nrow(ae)) {
  stop("Complications without a record: ", toString(setdiff(wording, unlist(terms))))
}
for (kind in names(terms)) {
  for (slug in names(terms[[kind]])) {
    # Sepsis with shock is sepsis too.
    alike <- unique(c(terms[[kind]][slug], if (slug == "sepsis") terms[[kind]]["septic_shock"]))
    put(paste0("ae.", kind, ".", slug), sum(tally[alike]))
  }
}

# ---- Infection by group -------------------------------------------------------------------------
infected <- factor(has(infection), c(TRUE, FALSE))
compare <- function(key, group, named) {
  counts <- table(group, infected)
  stopifnot(dim(counts) == c(2, 2))
  for (k in 1:2) {
    share(paste0("infections.", key, "_", k), rep(c(TRUE, FALSE), counts[k, ]))
  }
  p <- c(
    fisher = fisher.test(counts)$p.value,
    chi2 = suppressWarnings(chisq.test(counts, correct = FALSE))$p.value,
    chi2_corrected = suppressWarnings(chisq.test(counts))$p.value
  )
  for (test in names(p)) {
    suffix <- if (test == named) "" else paste0("_", test)
    put(paste0("infections.p_", key, suffix), p[test], n = sum(counts))
  }
}
compare("graft", factor(b$cd34_selection, c(TRUE, FALSE)), "fisher")
compare("mobilisation_dose", factor(dose, c(2, 4)), "chi2_corrected")
compare("gcsf", factor(b$gcsf_after, c(TRUE, FALSE)), "chi2_corrected")

# ---- Safety in depth ------------------------------------------------------------------------------
systems <- list( # by words in the terms, the first that fits
  heart = "ardiomyo|heart|rrhythmia|ericardial|trial|ndocard",
  airways = "pulmonary|pistaxis|inus|neumonia|leurit",
  urinary = "enal|ystitis", gut = "mucositis|fissure|stomatitis", mind = "sychosis",
  skin = "ellulitis|erpes|skin", general = "."
)
system <- rep(NA, nrow(ae))
for (name in rev(names(systems))) system[grepl(systems[[name]], ae$term)] <- name
for (name in names(systems)) {
  own <- (system == name) %in% TRUE
  id <- paste0("system.", name, ".")
  exact(paste0(id, "patients"), sum(has(own)), nrow(outcomes))
  put(paste0(id, "events"), sum(own))
  put(paste0(id, "infections"), sum(own & infection))
  middle(paste0(id, "onset"), ae$onset_day[own])
}
for (kind in c("infectious", "noninfectious")) {
  own <- ae[infection == (kind == "infectious"), ]
  day <- tapply(own$onset_day, own$patient_id, min)[outcomes$patient_id]
  time <- ifelse(is.na(day), pmin(last, 100), day)
  cause <- ifelse(!is.na(day), 1, ifelse(dead & last <= 100, 2, 0))
  first_day <- c(0, 15, 31)
  last_day <- c(14, 30, 100)
  for (k in 1:3) {
    id <- paste0("onset.", kind)
    number <- sum(own$onset_day >= first_day[k] & own$onset_day <= last_day[k])
    put(paste0(id, ".events.", last_day[k], "d"), number)
    days <- sum(pmin(last, last_day[k]) - pmin(last, c(0, last_day)[k]))
    rate <- poisson.test(number, days / 100)
    put(
      paste0(id, ".rate.", last_day[k], "d"), rate$estimate, rate$conf.int[1], rate$conf.int[2],
      events = number
    )
    incidence_at(paste0(id, ".", last_day[k], "d"), time, cause, last_day[k])
  }
}
treatments <- list(
  graft = factor(b$cd34_selection, c(TRUE, FALSE)), mobilisation_dose = factor(dose, c(2, 4)),
  gcsf = factor(b$gcsf_after, c(TRUE, FALSE))
)
complicated <- list(
  any = has(TRUE), infectious = has(infection), noninfectious = has(!infection)
)
for (key in names(treatments)) for (k in 1:2) for (kind in names(complicated)) {
  own <- (as.integer(treatments[[key]]) == k) %in% TRUE
  exact(paste0("groups.", key, "_", k, ".", kind), sum(complicated[[kind]][own]), sum(own))
}
died_early <- state == 2 & until <= 100
mri <- b$cardiac_mri
rhc <- b$rhc
examined <- list(
  mri_normal = mri == "normal", mri_abnormal = mri == "abnormal", mri_not_done = mri == "not done",
  rhc_normal = rhc == "normal", rhc_abnormal = rhc == "abnormal", rhc_not_done = rhc == "not done",
  rhc_challenge = rhc != "not done" & b$fluid_challenge %in% TRUE,
  both = mri != "not done" & rhc != "not done", mri_only = mri != "not done" & rhc == "not done",
  rhc_only = mri == "not done" & rhc != "not done", neither = mri == "not done" & rhc == "not done",
  all = rep(TRUE, nrow(b))
)
for (name in names(examined)) {
  id <- paste0("early_death.", name)
  if (any(examined[[name]])) {
    exact(id, sum(died_early[examined[[name]]]), sum(examined[[name]]))
  } else {
    put(id, n = 0, events = 0, denominator = 0)
  }
}

# ---- Cardiopulmonary work-up --------------------------------------------------------------------
untouched <- b$cardiac_mri == "not done" & b$rhc == "not done"
share("workup.no_mri_rhc.n", untouched)
g <- b[untouched, ]
count("workup.no_mri_rhc.effusion", g$pericardial_effusion)
count("workup.no_mri_rhc.spap_over_25", g$spap_mmhg > 25)
count("workup.no_mri_rhc.resting_ecg_done", g$resting_ecg != "not done")
share("workup.no_mri_rhc.resting_ecg_abnormal", abnormal(g$resting_ecg))
share("workup.no_mri_rhc.holter_abnormal", abnormal(g$holter_ecg))
g <- b[b$cardiac_mri == "abnormal", ]
count("workup.mri_abnormal.n", rep(TRUE, nrow(g)))
count("workup.mri_abnormal.lvef_normal", g$lvef_pct >= 50)
count("workup.mri_abnormal.effusion", g$pericardial_effusion)
count("workup.mri_abnormal.resting_ecg_abnormal", abnormal(g$resting_ecg))
count("workup.mri_abnormal.holter_abnormal", abnormal(g$holter_ecg))
count("workup.mri_abnormal.rhc_done", g$rhc != "not done")
count("workup.mri_abnormal.rhc_normal", g$rhc == "normal")
count("workup.mri_abnormal.fluid_challenge", g$fluid_challenge)
g <- b[state == 2 & until <= 100, ]
count("workup.early_deaths.resting_ecg_normal", g$resting_ecg == "normal")
count("workup.early_deaths.lvef_normal", g$lvef_pct >= 50)
share("workup.early_deaths.holter_done", g$holter_ecg != "not done")
share("workup.early_deaths.mri_done", g$cardiac_mri != "not done")
share("workup.early_deaths.fluid_challenge", g$fluid_challenge %in% TRUE)

# ---- Deaths -------------------------------------------------------------------------------------
# Table 3's order: transplantation, progression, other; within the first by the leading word of
# the reported cause; then by day and age.
d <- merge(outcomes[dead, ], b, by = "patient_id")
leading <- sub("^.*: *", "", tolower(d$cause_of_death_detail)) # without "aHSCT related:"
class <- match(d$cause_of_death, c("transplant related", "progression", "other"))
leading <- ifelse(class == 1, sub(" .*", "", leading), "")
d <- d[order(class, leading, d$last_contact_day, d$age_years), ]
cells <- c(
  death_day = "last_contact_day", age = "age_years", sbp = "sbp_mmhg", dbp = "dbp_mmhg",
  heart_rate = "heart_rate_bpm", lvef = "lvef_pct", spap = "spap_mmhg",
  creatinine = "creatinine_umol_l", mobilisation_cyc = "mobilisation_cyc_g_m2",
  conditioning_cyc = "conditioning_cyc_mg_kg", conditioning_thiotepa = "thiotepa_mg_kg",
  rhc_mean_pap = "pap_mean_mmhg", scintigraphy_lvef = "scintigraphy_lvef_pct"
)
for (k in seq_len(nrow(d))) {
  for (name in names(cells)) put(paste0("deaths.", k, ".", name), d[k, cells[name]], n = 1)
}
early <- is.na(d$progression_day)
cardiac <- grepl("cardiac", d$cause_of_death_detail, ignore.case = TRUE)
count("safety.nrm_deaths", early)
share("safety.cardiac_deaths", cardiac[early])
count(
  "safety.cyc_toxicity_deaths",
  early & grepl("cyclophosphamide|cyc", d$cause_of_death_detail, ignore.case = TRUE)
)
imaged <- early & cardiac & d$cardiac_mri != "not done"
count("safety.other_cardiac_deaths.n", imaged)
for (day in c(1, 9)) {
  count(paste0("safety.other_cardiac_deaths.day_", day), imaged & d$last_contact_day == day)
}
count("safety.other_cardiac_deaths.mri_normal", imaged & d$cardiac_mri == "normal")
count("safety.other_cardiac_deaths.no_rhc", imaged & d$rhc == "not done")
count("safety.progression_deaths", !early)
count("safety.myeloid_malignancy", !is.na(outcomes$myeloid_malignancy_day))
count("safety.late_infections", !is.na(outcomes$late_infection_day))
count("safety.secondary_autoimmunity", !is.na(outcomes$secondary_autoimmunity_day))

# ---- The way through the study ------------------------------------------------------------------
package <- paste(readLines(file.path(folder, "datapackage.json"), encoding = "UTF-8"), collapse = "")
cutoff <- as.Date(sub('.*"data_cutoff": *"([0-9-]{10})".*', "\\1", package))
day_0 <- as.Date(b$transplant_date)
due <- as.numeric(cutoff - day_0)
put("flow.transplanted", nrow(outcomes))
of_all <- function(id, x) count(paste0("flow.", id), x)
before <- -1
for (month in c(12, 24)) {
  now <- month * MONTH
  at <- function(name) paste0(month, "m.", name)
  recent <- last > before & last <= now
  lost <- !dead & last < now & last >= before
  of_all(at("died"), dead & recent)
  of_all(at("not_due"), lost & due < now)
  of_all(at("seen_shortly"), lost & due >= now & last >= now - 6 * MONTH)
  of_all(at("no_contact"), lost & due >= now & last < now - 6 * MONTH)
  of_all(at("followed"), ifelse(dead, last > now, last >= now))
  of_all(at("progressed"), with(outcomes, progression_day > before & progression_day <= now))
  of_all(at("died_by"), dead & last <= now)
  of_all(at("progressed_by"), outcomes$progression_day <= now)
  before <- now
}
for (name in c("os", "pfs", "progression", "nrm", "response", "neutrophils")) {
  of_all(paste0("analysed.", name), last >= 0)
}
of_all("analysed.platelets", !(b$platelets_never_below_20 %in% TRUE))
for (topic in names(MEASURES)) {
  d <- visits[visits$month %in% c(0, 12, 24) & !is.na(visits[[MEASURES[topic]]]), ]
  times <- table(factor(d$patient_id, outcomes$patient_id))
  put(paste0("flow.analysed.", topic), sum(times == 3), n = nrow(outcomes))
}

# ---- The general population ---------------------------------------------------------------------
# survexp.us to 2014, by year and fraction of a year instead of dates, as the package counts.
years <- 2012:2014
rates <- survexp.us[, , as.character(years)]
rates <- array(
  as.numeric(rates), dim(rates), list(age = 0:109, sex = dimnames(rates)[[2]], year = years)
)
attributes(rates) <- c(attributes(rates), list(
  dimid = c("age", "sex", "year"), type = c(2, 1, 2),
  cutpoints = list(0:109 * 365.25, NULL, years * 365.25)
))
class(rates) <- "ratetable"
calendar <- as.POSIXlt(day_0)
length_of_year <- as.POSIXlt(ISOdate(calendar$year + 1900, 12, 31))$yday + 1
people <- data.frame(
  days = last, dead,
  age = (b$age_years + 0.5) * 365.25, sex = c(F = "female", M = "male")[b$sex],
  year = (calendar$year + 1900 + calendar$yday / length_of_year) * 365.25
)
windows <- list(
  all = c(0, Inf), `100d` = c(0, 100), `24m` = c(100, 2 * 365.25), later = c(2 * 365.25, Inf)
)
for (name in names(windows)) {
  begin <- windows[[name]][1]
  inside <- people[people$days > begin, ]
  died <- sum(inside$dead & inside$days <= windows[[name]][2])
  inside <- transform(
    inside, days = pmin(days, windows[[name]][2]) - begin, age = age + begin, year = year + begin
  )
  found <- pyears(
    days ~ 1, inside, ratetable = rates, scale = 365.25, rmap = list(age = age, sex = sex, year = year)
  )
  at <- function(what) paste0("population.", name, ".", what)
  put(at("patients"), nrow(inside))
  put(at("person_years"), found$pyears)
  put(at("deaths"), died)
  put(at("expected"), found$expected)
  ratio <- function(id, expected) {
    limits <- poisson.test(died)$conf.int / expected
    put(id, died / expected, limits[1], limits[2])
  }
  ratio(at("smr"), found$expected)
  if (name == "all") {
    ratio(at("smr_lower"), 0.7 * found$expected)
    ratio(at("smr_higher"), 1.3 * found$expected)
    # The table as it stands, with dates, where a new year's rates begin on the birthday.
    dated <- pyears(
      days ~ 1, transform(inside, year = day_0), scale = 365.25,
      ratetable = survexp.us[, , as.character(years)], rmap = list(age = age, sex = sex, year = year)
    )
    stopifnot(abs(dated$expected / found$expected - 1) < 0.02)
  }
}
for (month in c(12, 24)) {
  survival_at(paste0("population.observed.", month, "m"), last, dead, month * MONTH)
  expected <- survexp(
    ~1, people, times = month * MONTH, method = "ederer", ratetable = rates,
    rmap = list(age = age, sex = sex, year = year)
  )
  put(paste0("population.expected.", month, "m"), 100 * expected$surv)
}

table_of_records <- as.data.frame(do.call(rbind, records))
names(table_of_records) <-
  c("record_id", "estimate", "lower", "upper", "n", "events", "denominator")
stopifnot(!anyDuplicated(table_of_records$record_id))
write.csv(table_of_records, target, row.names = FALSE, quote = FALSE)
