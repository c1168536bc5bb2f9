/* SPDX-License-Identifier: Apache-2.0 */
/* The indicators by family, each in a file figures_<family>.c; the formulas stand in docs/indicators.md. */
#ifndef HANSE_REPORT_FIGURES_H
#define HANSE_REPORT_FIGURES_H

#include "report/maker.h"

void hanse_figures_flows(struct hanse_maker *maker);       /* R1-R4 */
void hanse_figures_funding(struct hanse_maker *maker);     /* H1-H3 */
void hanse_figures_fees(struct hanse_maker *maker);        /* H4 */
void hanse_figures_evaluation(struct hanse_maker *maker);  /* E1, E2, E4, E5 */
void hanse_figures_requests(struct hanse_maker *maker);    /* E3 */
void hanse_figures_rotation(struct hanse_maker *maker);    /* G1-G3 */
void hanse_figures_disclosure(struct hanse_maker *maker);  /* T1 */
void hanse_figures_contacts(struct hanse_maker *maker);    /* C1, C2 */
void hanse_figures_membership(struct hanse_maker *maker);  /* M1-M4 */
void hanse_figures_commitment(struct hanse_maker *maker);  /* B1, B2 */
void hanse_figures_ground(struct hanse_maker *maker);      /* S1-S3, D1 */
void hanse_figures_cooperation(struct hanse_maker *maker); /* P1, P2 */
void hanse_figures_experience(struct hanse_maker *maker);  /* K1-K3, R5 */
void hanse_figures_advocacy(struct hanse_maker *maker);    /* A1, A2, Q1, Q2 */

#endif
