package io.millrace.processors.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Record;
import io.millrace.processors.lane.Discard;
import io.millrace.processors.lane.Outcome;
import java.time.Instant;
import java.util.List;

/**
 * The notice of a batch that was given up, under the names that AWS Lambda gives its members. It
 * holds no records. Of one that age alone decided there is no {@code responseContext}; of the final
 * call of a window, which has no records, no range of them.
 */
public final class NoticeJson {

  private static final String VERSION = "1.0";
  private static final String EXECUTED_VERSION = "$LATEST";
  private static final String UNHANDLED = "Unhandled";

  private NoticeJson() {}

  /**
   * A notice.
   *
   * @param requestId the last call, or a fresh one where there was none
   * @param now when it is given up
   */
  public static ObjectNode of(Discard discard, EventOrigin origin, String requestId, Instant now) {
    ObjectNode notice = Json.MAPPER.createObjectNode();
    notice
        .putObject("requestContext")
        .put("requestId", requestId)
        .put("functionArn", origin.functionArn())
        .put("condition", discard.condition().apiName())
        .put("approximateInvokeCount", discard.invocations());
    discard.lastOutcome().ifPresent(outcome -> write(outcome, notice.putObject("responseContext")));
    notice.put("version", VERSION).put("timestamp", Json.timestamp(now));
    ObjectNode batch = notice.putObject("KinesisBatchInfo");
    batch.put("shardId", origin.shardId().toString());
    List<Record> records = discard.records();
    if (!records.isEmpty()) {
      Record first = records.get(0);
      Record last = records.get(records.size() - 1);
      batch
          .put("startSequenceNumber", first.sequenceNumber().toString())
          .put("endSequenceNumber", last.sequenceNumber().toString())
          .put(
              "approximateArrivalOfFirstRecord",
              Json.timestamp(first.approximateArrivalTimestamp()))
          .put(
              "approximateArrivalOfLastRecord", Json.timestamp(last.approximateArrivalTimestamp()));
    }
    batch.put("batchSize", records.size()).put("streamArn", origin.eventSourceArn());
    return notice;
  }

  private static void write(Outcome outcome, ObjectNode response) {
    response.put("statusCode", 200).put("executedVersion", EXECUTED_VERSION);
    if (outcome instanceof Outcome.Failed) {
      response.put("functionError", UNHANDLED);
    }
  }
}
