package io.millrace.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.Account;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.CallReport;
import io.millrace.gateway.call.Caller;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a line holds of members that are not as they should be. */
class AuditLineTest {

  private static final Account HOME = new Account("aws", "us-east-1", "000000000000");
  private static final Caller MILLER = Caller.owner("000000000000");

  private static JsonNode line(Optional<Caller> caller, Map<String, Object> members)
      throws IOException {
    Call call = new Call("POST", "/", name -> List.of("x".repeat(9000)), ByteBuffer.allocate(0));
    String line =
        new AuditLine(HOME)
            .of(
                new CallReport(
                    Instant.EPOCH,
                    "id",
                    call,
                    caller,
                    "PutRecord",
                    members,
                    Optional.empty(),
                    Optional.of(new CallReport.Failure("Error", "x".repeat(9000)))),
                true);
    assertThat(line.length()).isLessThan(3 * Excerpt.MAX_CHARACTERS);
    return new ObjectMapper().readTree(line);
  }

  private static String parameters(Map<String, Object> members) throws IOException {
    return line(Optional.of(MILLER), members).get("requestParameters").toString();
  }

  @Test
  void writesNullAsNull() throws IOException {
    assertThat(parameters(Map.of("Names", Arrays.asList("a", null))))
        .isEqualTo("{\"names\":[\"a\",null]}");
    assertThat(parameters(Map.of("Tags", Collections.singletonMap("Team", null))))
        .isEqualTo("{\"tags\":{\"Team\":null}}");
    assertThat(parameters(Map.of("Filter", Collections.singletonMap("Type", null))))
        .isEqualTo("{\"filter\":{\"type\":null}}");
  }

  @Test
  void cutsLongTexts() throws IOException {
    assertThat(parameters(Map.of("StreamName", "s".repeat(Excerpt.MAX_TEXT + 1))))
        .isEqualTo("{\"streamName\":\"" + "s".repeat(Excerpt.MAX_TEXT) + "...\"}");
  }

  @Test
  void leavesOutWhatIsTooMuch() throws IOException {
    String parameters =
        parameters(Map.of("Names", Collections.nCopies(1_000_000, "name"), "StreamName", "orders"));

    assertThat(parameters).endsWith("\"omitted\":true}");
    assertThat(parameters.length()).isLessThan(2 * Excerpt.MAX_CHARACTERS);
  }

  @Test
  void saysNothingThatAStrangerSent() throws IOException {
    JsonNode line = line(Optional.empty(), Map.of("StreamName", "orders"));

    assertThat(line.get("requestParameters").isNull()).isTrue();
    assertThat(line.get("resources")).isEmpty();
  }

  @Test
  void namesTheAccountOfAResource() throws IOException {
    String arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

    assertThat(line(Optional.of(MILLER), Map.of("StreamARN", arn)).get("resources").toString())
        .startsWith("[{\"accountId\":\"123456789012\"");
    assertThat(line(Optional.of(MILLER), Map.of("StreamName", "a")).get("resources").toString())
        .startsWith("[{\"accountId\":\"000000000000\"");
  }
}
