package io.millrace.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The words of a refusal, as official clients know them. */
class ValidationMessageTest {

  @Test
  void namesTheOneMemberAtFault() {
    assertThatThrownBy(() -> ListStreamsRequest.all().withLimit(10_001).validate())
        .isInstanceOf(ValidationException.class)
        .hasMessage(
            "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint:"
                + " Member must have value less than or equal to 10000");
  }

  @Test
  void namesEveryConstraintThatAMemberBreaks() {
    assertThatThrownBy(() -> DeleteStreamRequest.of("").validate())
        .hasMessage(
            "2 validation errors detected: Value '' at 'streamName' failed to satisfy constraint:"
                + " Member must have length greater than or equal to 1; Value '' at 'streamName'"
                + " failed to satisfy constraint: Member must satisfy regular expression pattern:"
                + " [a-zA-Z0-9_.-]+");
  }

  @Test
  void showsAnAbsentMemberWithoutQuotes() {
    assertThatThrownBy(() -> PutRecordRequest.of("orders", "key", null).validate())
        .hasMessage(
            "1 validation error detected: Value null at 'data' failed to satisfy constraint: Member"
                + " must not be null");
  }

  @Test
  void countsEntriesFromOne() {
    PutRecordsRequest request =
        PutRecordsRequest.of(
            "orders",
            PutRecordsRequestEntry.of("a", Payload.EMPTY),
            null,
            PutRecordsRequestEntry.of("", Payload.EMPTY));
    assertThatThrownBy(request::validate)
        .hasMessageStartingWith("2 validation errors detected: ")
        .hasMessageContaining("Value null at 'records.2.member' failed")
        .hasMessageContaining("Value '' at 'records.3.member.partitionKey' failed");
  }

  @Test
  void namesTenAtMost() {
    PutRecordsRequest request =
        PutRecordsRequest.of(
            "orders", Collections.nCopies(501, PutRecordsRequestEntry.of("", null)));
    assertThatThrownBy(request::validate)
        .hasMessageStartingWith(
            "10 validation errors detected: Value '[501 entries]' at 'records' failed to satisfy"
                + " constraint: Member must have length less than or equal to 500; ")
        .satisfies(e -> assertThat(e.getMessage().split("; ", -1)).hasSize(10));
  }

  @Test
  void cutsLongValuesShort() {
    String endless = "a".repeat(2_000_000);
    assertThatThrownBy(() -> ListShardsRequest.next(endless).validate())
        .hasMessageContaining("Value 'aaa")
        .hasMessageContaining("aaa...' at 'nextToken'")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  @Test
  void cutsBetweenCharacters() {
    for (String start : new String[] {"", "a"}) {
      assertThatThrownBy(() -> ListShardsRequest.of(start + "😀".repeat(600)).validate())
          .satisfies(
              e ->
                  assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(e.getMessage()))
                      .isTrue());
    }
  }

  @Test
  void countsCharactersNotUnitsOfUtf16() {
    PutRecordRequest.of("orders", "😀".repeat(256), Payload.EMPTY).validate();
    assertThatThrownBy(
            () -> PutRecordRequest.of("orders", "😀".repeat(257), Payload.EMPTY).validate())
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void copiesTheEntriesItIsGiven() {
    List<PutRecordsRequestEntry> entries =
        new ArrayList<>(List.of(PutRecordsRequestEntry.of("a", Payload.EMPTY)));
    PutRecordsRequest request = PutRecordsRequest.of("orders", entries);
    entries.clear();
    assertThat(request.records()).hasSize(1);
    assertThatThrownBy(() -> request.records().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
