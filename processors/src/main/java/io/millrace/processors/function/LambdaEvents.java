package io.millrace.processors.function;

import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.KinesisTimeWindowEvent;
import com.amazonaws.services.lambda.runtime.events.models.TimeWindow;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.model.Record;
import io.millrace.processors.event.EventJson;
import io.millrace.processors.event.EventOrigin;
import io.millrace.processors.event.Json;
import io.millrace.processors.lane.Invocation.WindowCall;
import io.millrace.processors.lane.OpenWindow;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Events as the types of AWS Lambda. */
final class LambdaEvents {

  private LambdaEvents() {}

  static KinesisEvent kinesisEvent(ProcessorEvent event) {
    KinesisEvent result = new KinesisEvent();
    result.setRecords(records(event));
    return result;
  }

  /** Outside of a window the members about it are null. */
  static KinesisTimeWindowEvent timeWindowEvent(ProcessorEvent event) {
    KinesisTimeWindowEvent result = new KinesisTimeWindowEvent();
    result.setRecords(records(event));
    result.setShardId(event.origin().shardId().toString());
    result.setEventSourceArn(event.origin().eventSourceArn());
    event.window().ifPresent(call -> set(result, call));
    return result;
  }

  private static void set(KinesisTimeWindowEvent event, WindowCall call) {
    OpenWindow open = call.open();
    event.setWindow(
        new TimeWindow(
            Instant.ofEpochMilli(open.window().startMillis()).toString(),
            Instant.ofEpochMilli(open.window().endMillis()).toString()));
    event.setState(texts(Json.parse(open.state()).orElseThrow()));
    event.setIsFinalInvokeForWindow(call.isFinal());
    event.setIsWindowTerminatedEarly(call.isTerminatedEarly());
  }

  /** The type has texts alone; what is no text is given as its JSON. */
  private static Map<String, String> texts(JsonNode state) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : state.properties()) {
      JsonNode value = entry.getValue();
      texts.put(entry.getKey(), value.isTextual() ? value.textValue() : value.toString());
    }
    return texts;
  }

  private static List<KinesisEventRecord> records(ProcessorEvent event) {
    return event.records().stream().map(record -> record(record, event.origin())).toList();
  }

  private static KinesisEventRecord record(Record record, EventOrigin origin) {
    KinesisEvent.Record kinesis = new KinesisEvent.Record();
    kinesis.setKinesisSchemaVersion(EventJson.SCHEMA_VERSION);
    kinesis.setPartitionKey(record.partitionKey());
    kinesis.setSequenceNumber(record.sequenceNumber().toString());
    // A handler may expect an array behind its buffer.
    kinesis.setData(ByteBuffer.wrap(record.data().toByteArray()));
    kinesis.setApproximateArrivalTimestamp(Date.from(record.approximateArrivalTimestamp()));
    KinesisEventRecord result = new KinesisEventRecord();
    result.setKinesis(kinesis);
    result.setEventSource(EventJson.EVENT_SOURCE);
    result.setEventVersion(EventJson.EVENT_VERSION);
    result.setEventID(EventJson.eventId(record, origin));
    result.setEventName(EventJson.EVENT_NAME);
    result.setInvokeIdentityArn(origin.invokeIdentityArn());
    result.setAwsRegion(origin.region());
    result.setEventSourceARN(origin.eventSourceArn());
    return result;
  }
}
