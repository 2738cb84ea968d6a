import {
  BREAKER_POLICIES,
  ESCALATION_ORIGINS,
  ESCALATION_STATUSES,
  EXPIRY_POLICIES,
  RESOLUTIONS,
  STOPPED_STATES,
} from "../../domain/escalation/state.ts";
import { builder } from "../builder.ts";
import { described } from "../described.ts";

export const EscalationStatusEnum = builder.enumType("EscalationStatus", {
  description: "Where an escalation stands. It is answered once.",
  values: described(ESCALATION_STATUSES),
});

export const EscalationOriginEnum = builder.enumType("EscalationOrigin", {
  description: "Why there is an escalation.",
  values: described(ESCALATION_ORIGINS),
});

export const EscalationResolutionEnum = builder.enumType("EscalationResolution", {
  description: "What closed an escalation.",
  values: described(RESOLUTIONS),
});

export const ExpiryPolicyEnum = builder.enumType("ExpiryPolicy", {
  description: "What happens when an escalation is not answered in time.",
  values: described(EXPIRY_POLICIES),
});

const [WAIT, RETRY, SKIP, ABORT] = BREAKER_POLICIES;
export const BreakerPolicyEnum = builder.enumType("BreakerPolicy", {
  description: "What happens when a question of a run's breaker is not answered in time.",
  values: described({
    [WAIT]: EXPIRY_POLICIES[WAIT],
    [RETRY]: EXPIRY_POLICIES[RETRY],
    [SKIP]: EXPIRY_POLICIES[SKIP],
    [ABORT]: EXPIRY_POLICIES[ABORT],
  }),
});

export const StoppedStateEnum = builder.enumType("StoppedState", {
  description: "How a workstream stands that an escalation has stopped.",
  values: described(STOPPED_STATES),
});

export const AgentAdviceEnum = builder.enumType("AgentAdvice", {
  description: "What an agent is to do after a failure.",
  values: {
    RETRY: { description: "Try again: the lease goes on." },
    WAIT: {
      description:
        "Stop: the lease has ended, and a person is asked. Claim again later; the answer comes with the claim.",
    },
  },
});
