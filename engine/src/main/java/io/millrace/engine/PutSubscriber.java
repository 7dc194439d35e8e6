package io.millrace.engine;

import io.millrace.engine.api.PutRecordsRequestEntry;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Subscriber;

/**
 * Where a Reactive Streams publisher of records ends: in a stream. Its demand follows what the
 * shards take.
 *
 * @param subscriber receives the records; for one subscription
 * @param stored completes with the number of records, all of them durable, when the publisher has
 *     completed; fails as {@link Millrace#putFlow} does, or with the publisher's own failure
 */
public record PutSubscriber(
    Subscriber<PutRecordsRequestEntry> subscriber, CompletionStage<Long> stored) {}
