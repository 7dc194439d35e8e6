package io.millrace.gateway.call;

import io.millrace.gateway.model.Shape;
import io.millrace.gateway.wire.BodyWriter;
import io.millrace.gateway.wire.Encoding;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * The messages of one event stream. Their payloads are JSON, whatever the encoding of the request:
 * official clients read nothing else there.
 */
public final class EventMessages {

  /** The Content-Type of an event stream. */
  static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

  private static final String PAYLOAD_TYPE = "application/json";
  private static final byte[] EMPTY_MAP = {'{', '}'};

  private final Map<String, Shape> events;

  /**
   * The messages of a stream.
   *
   * @param union the type whose members are the events and the exceptions that may be sent
   */
  EventMessages(Shape union) {
    Map<String, Shape> byName = new LinkedHashMap<>();
    union.members().forEach((name, member) -> byName.put(name, member.shape()));
    this.events = Map.copyOf(byName);
  }

  /** The message that comes first, once. */
  public byte[] opening() {
    return message("event", ":event-type", "initial-response", EMPTY_MAP);
  }

  /** An event: a record by the name of its type. */
  public byte[] event(Object event) {
    String type = event.getClass().getSimpleName();
    return message(
        "event", ":event-type", type, BodyWriter.response(Encoding.JSON, events.get(type), event));
  }

  /** The message that ends a stream that failed. */
  public byte[] failure(Throwable failure) {
    Problem problem = Problem.of(failure);
    if (events.containsKey(problem.type())) {
      return message(
          "exception",
          ":exception-type",
          problem.type(),
          BodyWriter.message(Encoding.JSON, problem.message()));
    }
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(":message-type", HeaderValue.fromString("error"));
    headers.put(":error-code", HeaderValue.fromString(problem.type()));
    headers.put(":error-message", HeaderValue.fromString(problem.message()));
    return encoded(headers, new byte[0]);
  }

  private static byte[] message(String kind, String typeHeader, String type, byte[] payload) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(":message-type", HeaderValue.fromString(kind));
    headers.put(typeHeader, HeaderValue.fromString(type));
    headers.put(":content-type", HeaderValue.fromString(PAYLOAD_TYPE));
    return encoded(headers, payload);
  }

  private static byte[] encoded(Map<String, HeaderValue> headers, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 256);
    new Message(headers, payload).encode(bytes);
    return bytes.toByteArray();
  }
}
