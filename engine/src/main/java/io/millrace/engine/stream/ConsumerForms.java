package io.millrace.engine.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.internal.CborSerializer.Fields;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.stream.StreamEvent.ConsumerActivated;
import io.millrace.engine.stream.StreamEvent.ConsumerDeregistered;
import io.millrace.engine.stream.StreamEvent.ConsumerEvent;
import io.millrace.engine.stream.StreamEvent.ConsumerRegistered;
import io.millrace.engine.stream.StreamEvent.ConsumerRemoved;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The stored form of {@link ConsumerEvent}, and of {@link RegisteredConsumers} in snapshots. */
final class ConsumerForms {

  static final String REGISTERED = "stream.consumer-registered.v1";
  static final String ACTIVATED = "stream.consumer-activated.v1";
  static final String DEREGISTERED = "stream.consumer-deregistered.v1";
  static final String REMOVED = "stream.consumer-removed.v1";

  private ConsumerForms() {}

  static String manifest(ConsumerEvent event) {
    if (event instanceof ConsumerRegistered) {
      return REGISTERED;
    }
    if (event instanceof ConsumerActivated) {
      return ACTIVATED;
    }
    return event instanceof ConsumerDeregistered ? DEREGISTERED : REMOVED;
  }

  static void write(ConsumerEvent event, ObjectNode fields) {
    fields.put("name", event.name().value());
    if (event instanceof ConsumerRegistered registered) {
      fields.put("createdMillis", registered.createdMillis());
    }
  }

  static ConsumerRegistered registered(Fields fields) throws IOException {
    return new ConsumerRegistered(name(fields), fields.number("createdMillis"));
  }

  static ConsumerActivated activated(Fields fields) throws IOException {
    return new ConsumerActivated(name(fields));
  }

  static ConsumerDeregistered deregistered(Fields fields) throws IOException {
    return new ConsumerDeregistered(name(fields));
  }

  static ConsumerRemoved removed(Fields fields) throws IOException {
    return new ConsumerRemoved(name(fields));
  }

  static void write(RegisteredConsumers consumers, ObjectNode fields) {
    ArrayNode list = fields.putArray("consumers");
    for (RegisteredConsumer consumer : consumers.all()) {
      list.addObject()
          .put("name", consumer.name().value())
          .put("createdMillis", consumer.createdMillis())
          .put("status", consumer.status().name());
    }
    fields.put("consumersFreshMillis", consumers.freshMillis());
  }

  static RegisteredConsumers consumers(Fields fields) throws IOException {
    List<RegisteredConsumer> all = new ArrayList<>();
    for (JsonNode node : fields.list("consumers")) {
      Fields consumer = fields.at(node);
      all.add(
          new RegisteredConsumer(
              name(consumer),
              consumer.number("createdMillis"),
              ConsumerStatus.valueOf(consumer.text("status"))));
    }
    return new RegisteredConsumers(all, fields.number("consumersFreshMillis"));
  }

  private static ConsumerName name(Fields fields) throws IOException {
    return new ConsumerName(fields.text("name"));
  }
}
