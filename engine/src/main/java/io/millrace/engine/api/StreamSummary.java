package io.millrace.engine.api;

import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.time.Instant;

/**
 * A stream as the list of streams shows it.
 *
 * @param streamName its name
 * @param streamARN its ARN
 * @param streamStatus where it is in its life
 * @param streamModeDetails its capacity mode
 * @param streamCreationTimestamp when it was created
 */
public record StreamSummary(
    StreamName streamName,
    String streamARN,
    StreamStatus streamStatus,
    StreamModeDetails streamModeDetails,
    Instant streamCreationTimestamp) {}
