package io.millrace.examples;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.KinesisTimeWindowEvent;
import com.amazonaws.services.lambda.runtime.events.TimeWindowEventResponse;
import io.millrace.engine.model.Payload;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A handler as it could run on AWS Lambda: gathers the events of a tumbling window by class of
 * magnitude in the state of the window, and raises an alert for each class when the window is over.
 * One event it refuses, always.
 */
final class AlertHandler
    implements RequestHandler<KinesisTimeWindowEvent, TimeWindowEventResponse> {

  private final String refusedId;
  private final Consumer<List<Alert>> raised;

  /**
   * Events of one class in one window of a shard. The final call of a window may be repeated, and
   * its alerts with it.
   *
   * @param shard the shard
   * @param from where the window begins
   * @param to where it ends
   * @param magnitude the class
   * @param ids the events, at least one
   */
  record Alert(String shard, String from, String to, MagnitudeClass magnitude, List<String> ids) {}

  AlertHandler(String refusedId, Consumer<List<Alert>> raised) {
    this.refusedId = refusedId;
    this.raised = raised;
  }

  @Override
  public TimeWindowEventResponse handleRequest(KinesisTimeWindowEvent event, Context context) {
    Map<String, String> state = new TreeMap<>(event.getState());
    if (event.getIsFinalInvokeForWindow()) {
      raised.accept(alerts(event, state));
    }
    for (KinesisEventRecord record : event.getRecords()) {
      Earthquake earthquake = Earthquake.of(Payload.wrap(record.getKinesis().getData().array()));
      if (earthquake.id().equals(refusedId)) {
        throw new IllegalArgumentException("refused: " + refusedId);
      }
      state.merge(
          MagnitudeClass.of(earthquake).name(), earthquake.id(), (ids, id) -> ids + " " + id);
    }
    return TimeWindowEventResponse.builder()
        .withState(state)
        .withBatchItemFailures(List.of())
        .build();
  }

  private static List<Alert> alerts(KinesisTimeWindowEvent event, Map<String, String> state) {
    return state.entrySet().stream()
        .map(
            ofClass ->
                new Alert(
                    event.getShardId(),
                    event.getWindow().getStart(),
                    event.getWindow().getEnd(),
                    MagnitudeClass.valueOf(ofClass.getKey()),
                    List.of(ofClass.getValue().split(" "))))
        .toList();
  }
}
