/**
 * API Priority and Fairness as far as it can be seen: FlowSchemas and PriorityLevelConfigurations,
 * those that every cluster has, and what their status says. Requests are not queued by them: an API
 * server of the simulation is never busy.
 *
 * <p>It must not know how requests arrive.
 */
@NullMarked
package dev.wavetank.core.apiserver.flowcontrol;

import org.jspecify.annotations.NullMarked;
