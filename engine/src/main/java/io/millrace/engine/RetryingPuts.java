package io.millrace.engine;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.ProducerSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

/**
 * Puts that are tried again whatever became of them, and store each record once: every record that
 * nobody has numbered gets a producer's sequence. It keeps that from the first attempt on whose
 * outcome is unknown; before, each attempt has a new one, which no shard can have forgotten.
 *
 * <p>Unless this producer's clock is slow: to a shard that has forgotten a producer that was born
 * later, all its numbers are old. Then the record goes without one, and if the outcome of that is
 * unknown, the caller is told so.
 */
final class RetryingPuts {

  private final StreamClient client;
  private final int maxAttempts;
  private final ProducerNumbers numbers;
  private final IntFunction<CompletionStage<Void>> pauseAfter;

  /**
   * Puts by this client.
   *
   * @param pauseAfter a stage that completes when so many failed attempts may be followed by
   *     another
   */
  RetryingPuts(
      StreamClient client,
      int maxAttempts,
      ProducerNumbers numbers,
      IntFunction<CompletionStage<Void>> pauseAfter) {
    this.client = client;
    this.maxAttempts = maxAttempts;
    this.numbers = numbers;
    this.pauseAfter = pauseAfter;
  }

  /**
   * How far a record has come.
   *
   * @param sequence which of its producer's records it is; null once it goes without
   * @param numberedHere whether that was given here and not by the caller
   * @param perhapsStored whether an attempt may have stored it
   * @param isRenewed whether the producer is a new one, because of this record
   */
  private record Progress(
      ProducerSequence sequence, boolean numberedHere, boolean perhapsStored, boolean isRenewed) {

    boolean mayTryAfter(Outcome outcome) {
      return switch (outcome) {
        case THROTTLED, NOT_WRITTEN -> true;
        case UNKNOWN -> sequence != null;
        case FORGOTTEN -> numberedHere && !perhapsStored;
        case REFUSED -> false;
      };
    }

    /** What the caller is told in the end. A refusal says nothing of the attempts before. */
    Outcome told(Outcome last) {
      return perhapsStored && last != Outcome.FORGOTTEN ? Outcome.UNKNOWN : last;
    }

    PutRecordRequest with(PutRecordRequest request) {
      return sequence == null ? request : request.withProducer(sequence);
    }

    PutRecordsRequestEntry with(PutRecordsRequestEntry record) {
      return sequence == null ? record : record.withProducer(sequence);
    }
  }

  private Progress begin(ProducerSequence given) {
    return new Progress(given == null ? numbers.next() : given, given == null, false, false);
  }

  private Progress after(Progress progress, Outcome outcome) {
    boolean perhapsStored = progress.perhapsStored || outcome == Outcome.UNKNOWN;
    boolean isForgotten = outcome == Outcome.FORGOTTEN;
    ProducerSequence sequence = progress.sequence;
    if (progress.numberedHere && !perhapsStored && sequence != null) {
      if (!isForgotten) {
        sequence = numbers.next();
      } else {
        sequence = progress.isRenewed ? null : numbers.nextAfter(sequence.producer());
      }
    }
    return new Progress(
        sequence, progress.numberedHere, perhapsStored, progress.isRenewed || isForgotten);
  }

  // one record

  CompletionStage<PutRecordResponse> putRecord(PutRecordRequest request) {
    return putRecord(request, begin(request.producerSequence()), 1);
  }

  private CompletionStage<PutRecordResponse> putRecord(
      PutRecordRequest request, Progress progress, int attempts) {
    return client
        .putRecord(progress.with(request))
        .exceptionallyCompose(
            failure -> {
              MillraceException cause = Failures.of(failure);
              if (attempts < maxAttempts && progress.mayTryAfter(cause.outcome())) {
                Progress next = after(progress, cause.outcome());
                return pauseAfter
                    .apply(attempts)
                    .thenCompose(ignored -> putRecord(request, next, attempts + 1));
              }
              return CompletableFuture.failedStage(
                  progress.told(cause.outcome()) == cause.outcome()
                      ? cause
                      : InternalFailureException.unknown(
                          "An earlier attempt may have stored the record.", cause));
            });
  }

  // several

  CompletionStage<PutRecordsResponse> putRecords(PutRecordsRequest request) {
    if (request.records() == null || request.records().contains(null)) {
      return client.putRecords(request);
    }
    List<Pending> all = new ArrayList<>(request.records().size());
    for (PutRecordsRequestEntry record : request.records()) {
      all.add(new Pending(record, begin(record.producerSequence()), null));
    }
    return putRecords(request, all, 1);
  }

  /**
   * A record of several.
   *
   * @param result what became of it; null while it is to be put, for the first time or again
   */
  private record Pending(
      PutRecordsRequestEntry record, Progress progress, PutRecordsResultEntry result) {

    boolean isSettled() {
      return result != null;
    }

    boolean isDoubtful() {
      return progress.perhapsStored;
    }

    Pending settled(PutRecordsResultEntry last) {
      PutRecordsResultEntry told =
          last.isStored()
              ? last
              : PutRecordsResultEntry.failed(progress.told(last.failure()), last.errorMessage());
      return new Pending(record, progress, told);
    }
  }

  private CompletionStage<PutRecordsResponse> putRecords(
      PutRecordsRequest request, List<Pending> all, int attempts) {
    List<PutRecordsRequestEntry> rest = new ArrayList<>();
    for (Pending pending : all) {
      if (!pending.isSettled()) {
        rest.add(pending.progress.with(pending.record));
      }
    }
    return client
        .putRecords(
            new PutRecordsRequest(
                request.streamName(), request.streamARN(), rest, request.dryRun()))
        .exceptionallyCompose(failure -> failedAsAWhole(all, rest.size(), failure, attempts))
        .thenCompose(response -> again(request, all, response, attempts));
  }

  /** Records that were stored before are reported even if the others fail as a whole. */
  private CompletionStage<PutRecordsResponse> failedAsAWhole(
      List<Pending> all, int records, Throwable failure, int attempts) {
    MillraceException cause = Failures.of(failure);
    boolean isTheEnd = attempts >= maxAttempts || cause.outcome() == Outcome.REFUSED;
    if (isTheEnd
        && all.stream().noneMatch(pending -> pending.isSettled() || pending.isDoubtful())) {
      return CompletableFuture.failedStage(cause);
    }
    List<PutRecordsResultEntry> results = new ArrayList<>(records);
    for (int i = 0; i < records; i++) {
      results.add(PutRecordsResultEntry.failed(cause.outcome(), cause.getMessage()));
    }
    return CompletableFuture.completedStage(PutRecordsResponse.of(results, EncryptionType.NONE));
  }

  /** Puts those again that have failed, until none is left or patience is. */
  private CompletionStage<PutRecordsResponse> again(
      PutRecordsRequest request, List<Pending> all, PutRecordsResponse response, int attempts) {
    List<Pending> next = new ArrayList<>(all.size());
    int answered = 0;
    for (Pending pending : all) {
      if (pending.isSettled()) {
        next.add(pending);
        continue;
      }
      PutRecordsResultEntry result = response.records().get(answered++);
      boolean triesAgain =
          !result.isStored()
              && attempts < maxAttempts
              && pending.progress.mayTryAfter(result.failure());
      next.add(
          triesAgain
              ? new Pending(pending.record, after(pending.progress, result.failure()), null)
              : pending.settled(result));
    }
    if (next.stream().allMatch(Pending::isSettled)) {
      return CompletableFuture.completedStage(
          PutRecordsResponse.of(
              next.stream().map(Pending::result).toList(), response.encryptionType()));
    }
    return pauseAfter
        .apply(attempts)
        .thenCompose(ignored -> putRecords(request, next, attempts + 1));
  }
}
