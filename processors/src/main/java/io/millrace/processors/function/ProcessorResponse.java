package io.millrace.processors.function;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What a function answers.
 *
 * @param failures the item identifiers, that is sequence numbers, of records that failed;
 *     processing goes on from the lowest. Looked at with ReportBatchItemFailures alone; a null or
 *     unknown one makes the whole batch a failure
 * @param state the state of the window, a JSON object; required in a window but in its final call
 */
public record ProcessorResponse(List<String> failures, Optional<Payload> state) {

  public ProcessorResponse {
    failures = Collections.unmodifiableList(new ArrayList<>(failures));
  }

  /** All records succeeded. */
  public static ProcessorResponse success() {
    return new ProcessorResponse(List.of(), Optional.empty());
  }

  /** The record of this number failed; those before it succeeded. */
  public static ProcessorResponse failedAt(SequenceNumber number) {
    return new ProcessorResponse(List.of(number.toString()), Optional.empty());
  }

  /** All records succeeded, and this is the state of the window now. */
  public static ProcessorResponse state(Payload jsonObject) {
    return new ProcessorResponse(List.of(), Optional.of(jsonObject));
  }
}
