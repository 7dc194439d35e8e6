/**
 * Coordinators: for each application the leases on the shards of its stream, who has them, and its
 * checkpoints.
 */
package io.millrace.engine.coordinator;
