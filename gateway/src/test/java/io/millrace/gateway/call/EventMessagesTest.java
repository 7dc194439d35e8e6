package io.millrace.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.gateway.model.ServiceModel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import software.amazon.eventstream.Message;

class EventMessagesTest {

  private final EventMessages messages =
      new EventMessages(
          ServiceModel.load()
              .operation("SubscribeToShard")
              .orElseThrow()
              .output()
              .orElseThrow()
              .members()
              .get("EventStream")
              .shape());

  @Test
  void opensAsTheServiceDoes() {
    assertThat(HexFormat.of().formatHex(messages.opening()))
        .isEqualTo(
            "00000068000000564e6817240d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74"
                + "797065070010696e697469616c2d726573706f6e73650d3a636f6e74656e742d747970650700106170"
                + "706c69636174696f6e2f6a736f6e7b7dfe942c1d");
  }

  @Test
  void namesAnEventByItsType() {
    Message message = decoded(messages.event(new SubscribeToShardEvent("49", 7)));
    assertThat(header(message, ":message-type")).isEqualTo("event");
    assertThat(header(message, ":event-type")).isEqualTo("SubscribeToShardEvent");
    assertThat(header(message, ":content-type")).isEqualTo("application/json");
    assertThat(message.getPayload())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"ContinuationSequenceNumber\":\"49\",\"MillisBehindLatest\":7}");
  }

  @Test
  void endsWithAnErrorOfTheApi() {
    Message message = decoded(messages.failure(new ResourceInUseException("too soon")));
    assertThat(header(message, ":message-type")).isEqualTo("exception");
    assertThat(header(message, ":exception-type")).isEqualTo("ResourceInUseException");
    assertThat(message.getPayload())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"message\":\"too soon\"}");
  }

  @Test
  void endsWithAnErrorThatTheApiDoesNotHaveThere() {
    Message message = decoded(messages.failure(new InvalidArgumentException("no")));
    assertThat(header(message, ":message-type")).isEqualTo("error");
    assertThat(header(message, ":error-code")).isEqualTo("InvalidArgumentException");
    assertThat(header(message, ":error-message")).isEqualTo("no");
    assertThat(message.getPayload()).isEmpty();
  }

  /** Named as the API has it. */
  public record SubscribeToShardEvent(String continuationSequenceNumber, long millisBehindLatest) {}

  private static Message decoded(byte[] bytes) {
    return Message.decode(ByteBuffer.wrap(bytes));
  }

  private static String header(Message message, String name) {
    return message.getHeaders().get(name).getString();
  }
}
