package io.millrace.processors.api;

import io.millrace.engine.api.StartingPosition;
import java.time.Instant;
import java.util.Map;

/**
 * A mapping, as Get, List and the operations that change it answer.
 *
 * @param uuid its name
 * @param eventSourceArn the stream
 * @param functionName the name of its function
 * @param startingPosition where it began
 * @param options its options; while it is updated those that it is going to have
 * @param tags those that it was created with
 * @param state what it is doing
 * @param stateTransitionReason why, as a sentence
 * @param lastModified when it was last changed, or created
 * @param lastProcessingResult how the newest call ended: {@code OK}, {@code PROBLEM: ...}, or
 *     {@code No records processed}
 */
public record EventSourceMapping(
    String uuid,
    String eventSourceArn,
    String functionName,
    StartingPosition startingPosition,
    MappingOptions options,
    Map<String, String> tags,
    MappingState state,
    String stateTransitionReason,
    Instant lastModified,
    String lastProcessingResult) {}
