package io.millrace.processors.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardIteratorType;
import io.millrace.engine.model.StreamName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingOptionsTest {

  private static final MappingOptions DEFAULTS = MappingOptions.defaults();
  private static final String KEY = "arn:aws:kms:us-east-1:000000000000:key/1234";

  private interface With extends IntFunction<MappingOptions> {}

  private static Arguments bounds(String member, With with, int least, int most) {
    return Arguments.of(member, with, least, most);
  }

  static Stream<Arguments> figures() {
    return Stream.of(
        bounds("BatchSize", DEFAULTS::withBatchSize, 1, 10_000),
        bounds(
            "MaximumBatchingWindowInSeconds", DEFAULTS::withMaximumBatchingWindowInSeconds, 0, 300),
        bounds("ParallelizationFactor", DEFAULTS::withParallelizationFactor, 1, 10),
        bounds("MaximumRetryAttempts", DEFAULTS::withMaximumRetryAttempts, -1, 10_000),
        bounds("TumblingWindowInSeconds", DEFAULTS::withTumblingWindowInSeconds, 0, 900));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("figures")
  void takesFiguresWithinTheirBounds(
      String member, IntFunction<MappingOptions> with, int least, int most) {
    assertThat(with.apply(least)).isNotNull();
    assertThat(with.apply(most)).isNotNull();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("figures")
  void refusesFiguresOutsideOfTheirBounds(
      String member, IntFunction<MappingOptions> with, int least, int most) {
    for (int outside : new int[] {least - 1, most + 1}) {
      assertThatThrownBy(() -> with.apply(outside))
          .isInstanceOf(InvalidParameterValueException.class)
          .hasMessageContaining(member);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 60, 604_800})
  void takesAges(int seconds) {
    assertThat(DEFAULTS.withMaximumRecordAgeInSeconds(seconds).maximumRecordAgeInSeconds())
        .isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 0, 59, 604_801})
  void refusesAgesInBetween(int seconds) {
    assertThatThrownBy(() -> DEFAULTS.withMaximumRecordAgeInSeconds(seconds))
        .isInstanceOf(InvalidParameterValueException.class)
        .hasMessageContaining("MaximumRecordAgeInSeconds");
  }

  @Test
  void hasTheDefaultsOfAws() {
    assertThat(MappingOptions.awsDefaults())
        .isEqualTo(
            new MappingOptions(
                100,
                0,
                1,
                false,
                -1,
                -1,
                Optional.empty(),
                false,
                0,
                FilterCriteria.NONE,
                Optional.empty()));
  }

  @Test
  void doesNotLetABadRecordBlockItsShardForEver() {
    assertThat(DEFAULTS.maximumRetryAttempts()).isNotNegative();
    assertThat(DEFAULTS.bisectBatchOnFunctionError()).isTrue();
  }

  @Test
  void boundsFilters() {
    assertThat(new FilterCriteria(Collections.nCopies(5, "x".repeat(4096))).patterns()).hasSize(5);
    assertThatThrownBy(() -> new FilterCriteria(Collections.nCopies(6, "{}")))
        .isInstanceOf(InvalidParameterValueException.class);
    assertThatThrownBy(() -> FilterCriteria.of("x".repeat(4097)))
        .isInstanceOf(InvalidParameterValueException.class);
  }

  @Test
  void changesOneOptionAndKeepsTheOthers() {
    MappingOptions all =
        DEFAULTS
            .withBatchSize(2)
            .withMaximumBatchingWindowInSeconds(3)
            .withParallelizationFactor(4)
            .withBisectBatchOnFunctionError(false)
            .withMaximumRetryAttempts(5)
            .withMaximumRecordAgeInSeconds(60)
            .withOnFailure(new OnFailure.ToCallback("alarm"))
            .withReportBatchItemFailures(true)
            .withTumblingWindowInSeconds(6)
            .withFilterCriteria(FilterCriteria.of("{}"))
            .withKmsKeyArn(KEY);
    assertThat(all)
        .isEqualTo(
            new MappingOptions(
                2,
                3,
                4,
                false,
                5,
                60,
                Optional.of(new OnFailure.ToCallback("alarm")),
                true,
                6,
                FilterCriteria.of("{}"),
                Optional.of(KEY)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "key", "arn:aws:kms", "arn:gcp:kms:us-east-1:0:key/1"})
  void refusesWhatIsNoKey(String arn) {
    assertThatThrownBy(() -> DEFAULTS.withKmsKeyArn(arn))
        .isInstanceOf(InvalidParameterValueException.class)
        .hasMessageContaining("KMSKeyArn");
  }

  @Test
  void boundsTags() {
    CreateEventSourceMappingRequest request =
        CreateEventSourceMappingRequest.of("arn", "f", StartingPosition.latest());
    Map<String, String> most =
        IntStream.range(0, 50)
            .boxed()
            .collect(Collectors.toMap(i -> i + "k".repeat(126), i -> "v".repeat(256)));
    assertThat(request.withTags(most).tags()).isEqualTo(most);
    Map<String, String> more = new HashMap<>(most);
    more.put("one", "more");
    for (Map<String, String> bad :
        List.of(
            more,
            Map.of("", "v"),
            Map.of("k".repeat(129), "v"),
            Map.of("k", "v".repeat(257)),
            Map.of("AWS:k", "v"))) {
      assertThatThrownBy(() -> request.withTags(bad))
          .isInstanceOf(InvalidParameterValueException.class);
    }
  }

  static List<OnFailure> destinations() {
    return List.of(
        new OnFailure.ToStream(new StreamName("notices")),
        new OnFailure.ToFile(Path.of("/var/notices.jsonl")),
        new OnFailure.ToCallback("alarm"));
  }

  @ParameterizedTest
  @MethodSource("destinations")
  void readsDestinationsBack(OnFailure destination) {
    assertThat(OnFailure.parse(destination.reference())).isEqualTo(destination);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stream", "stream:", "file:here", "callback:a b", "sqs:queue"})
  void refusesWhatNamesNoDestination(String reference) {
    assertThatThrownBy(() -> OnFailure.parse(reference))
        .isInstanceOf(InvalidParameterValueException.class);
  }

  @Test
  void requiresSourceFunctionAndPosition() {
    StartingPosition latest = StartingPosition.latest();
    for (Runnable incomplete :
        List.<Runnable>of(
            () -> CreateEventSourceMappingRequest.of(null, "f", latest),
            () -> CreateEventSourceMappingRequest.of("arn", null, latest),
            () -> CreateEventSourceMappingRequest.of("arn", "a b", latest),
            () -> CreateEventSourceMappingRequest.of("arn", "f", null),
            () ->
                CreateEventSourceMappingRequest.of(
                    "arn", "f", new StartingPosition(ShardIteratorType.AT_TIMESTAMP, null, null)),
            () ->
                CreateEventSourceMappingRequest.of(
                    "arn",
                    "f",
                    new StartingPosition(ShardIteratorType.LATEST, null, Instant.EPOCH)),
            () ->
                CreateEventSourceMappingRequest.of(
                    "arn", "f", StartingPosition.atSequenceNumber(SequenceNumber.first(1, 0))))) {
      assertThatThrownBy(incomplete::run).isInstanceOf(InvalidParameterValueException.class);
    }
  }

  @Test
  void boundsTimeouts() {
    for (Duration timeout : List.of(Duration.ZERO, Duration.ofMinutes(15).plusMillis(1))) {
      assertThatThrownBy(
              () ->
                  new io.millrace.processors.function.RegisteredFunction(
                      "f", (event, context) -> null, timeout))
          .isInstanceOf(InvalidParameterValueException.class);
    }
  }

  @Test
  void boundsListings() {
    for (int items : new int[] {0, 10_001}) {
      assertThatThrownBy(
              () ->
                  new ListEventSourceMappingsRequest(
                      Optional.empty(), Optional.empty(), Optional.empty(), items))
          .isInstanceOf(InvalidParameterValueException.class);
    }
  }
}
