package io.millrace.processors.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.processors.lane.Discard;
import io.millrace.processors.lane.Invocation;
import io.millrace.processors.lane.Invocation.WindowCall;
import io.millrace.processors.lane.OpenWindow;
import io.millrace.processors.lane.Outcome;
import io.millrace.processors.lane.TumblingWindow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The names and forms of members are those that handlers of AWS Lambda read. */
class EventJsonTest {

  private static final EventOrigin ORIGIN =
      new EventOrigin(
          "arn:aws:kinesis:us-east-2:123456789012:stream/orders",
          new ShardId(6),
          "us-east-2",
          "123456789012",
          "ingest");
  private static final SequenceNumber NUMBER =
      new SequenceNumber(1_545_000_000L, 1 << 20, 1_545_084_650L, 6);
  private static final Record RECORD =
      new Record(
          NUMBER, Instant.ofEpochMilli(1_545_084_650_987L), Payload.utf8("Hello, this is"), "1");

  @Test
  void writesTheEventOfABatch() {
    assertThat(
            Json.bytes(EventJson.of(new Invocation(List.of(RECORD), Optional.empty()), ORIGIN))
                .utf8())
        .isEqualTo(
            """
            {"Records":[{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"1",\
            "sequenceNumber":"%1$s","data":"SGVsbG8sIHRoaXMgaXM=",\
            "approximateArrivalTimestamp":1545084650.987},\
            "eventSource":"aws:kinesis","eventVersion":"1.0",\
            "eventID":"shardId-000000000006:%1$s","eventName":"aws:kinesis:record",\
            "invokeIdentityArn":"arn:aws:iam::123456789012:role/ingest",\
            "awsRegion":"us-east-2",\
            "eventSourceARN":"arn:aws:kinesis:us-east-2:123456789012:stream/orders"}]}"""
                .formatted(NUMBER));
  }

  @Test
  void addsTheWindow() {
    OpenWindow open =
        new OpenWindow(
            new TumblingWindow(1_596_128_400_000L, 1_596_128_520_000L),
            Payload.utf8("{\"1\":\"282\"}"));
    assertThat(
            Json.bytes(
                    EventJson.of(
                        new Invocation(List.of(), Optional.of(new WindowCall(open, true, false))),
                        ORIGIN))
                .utf8())
        .isEqualTo(
            """
            {"Records":[],"window":{"start":"2020-07-30T17:00:00Z","end":"2020-07-30T17:02:00Z"},\
            "state":{"1":"282"},"shardId":"shardId-000000000006",\
            "eventSourceARN":"arn:aws:kinesis:us-east-2:123456789012:stream/orders",\
            "isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false}""");
  }

  @Test
  void writesTheNoticeOfAFailedBatch() {
    Discard discard =
        new Discard(
            Discard.Condition.RETRY_ATTEMPTS_EXHAUSTED,
            List.of(RECORD, RECORD),
            1,
            Optional.of(new Outcome.Failed(Outcome.Kind.ERROR, "boom")));
    assertThat(
            Json.bytes(
                    NoticeJson.of(
                        discard, ORIGIN, "c9b8fa9f", Instant.parse("2019-11-14T00:38:06.021Z")))
                .utf8())
        .isEqualTo(
            """
            {"requestContext":{"requestId":"c9b8fa9f",\
            "functionArn":"arn:aws:lambda:us-east-2:123456789012:function:ingest",\
            "condition":"RetryAttemptsExhausted","approximateInvokeCount":1},\
            "responseContext":{"statusCode":200,"executedVersion":"$LATEST",\
            "functionError":"Unhandled"},"version":"1.0",\
            "timestamp":"2019-11-14T00:38:06.021Z",\
            "KinesisBatchInfo":{"shardId":"shardId-000000000006",\
            "startSequenceNumber":"%1$s","endSequenceNumber":"%1$s",\
            "approximateArrivalOfFirstRecord":"2018-12-17T22:10:50.987Z",\
            "approximateArrivalOfLastRecord":"2018-12-17T22:10:50.987Z","batchSize":2,\
            "streamArn":"arn:aws:kinesis:us-east-2:123456789012:stream/orders"}}"""
                .formatted(NUMBER));
  }

  @Test
  void saysOfOldRecordsThatTheirAgeDecided() {
    Discard discard =
        new Discard(Discard.Condition.RECORD_AGE_EXCEEDED, List.of(RECORD), 0, Optional.empty());
    var notice = NoticeJson.of(discard, ORIGIN, "id", Instant.EPOCH);
    assertThat(notice.at("/requestContext/condition").asText()).isEqualTo("RecordAgeExceeded");
    assertThat(notice.at("/requestContext/approximateInvokeCount").asInt()).isZero();
    assertThat(notice.has("responseContext")).isFalse();
    assertThat(notice.get("timestamp").asText()).isEqualTo("1970-01-01T00:00:00.000Z");
  }

  @Test
  void estimatesThePayload() {
    for (int size : new int[] {0, 1, 1000, 100_000}) {
      Record record =
          new Record(
              NUMBER, Instant.ofEpochMilli(1), Payload.wrap(new byte[size]), "k".repeat(256));
      long event =
          Json.bytes(EventJson.of(new Invocation(List.of(record), Optional.empty()), ORIGIN))
              .size();
      assertThat(EventJson.payloadBytes(record)).isBetween(event - 300, event + 300);
    }
  }
}
