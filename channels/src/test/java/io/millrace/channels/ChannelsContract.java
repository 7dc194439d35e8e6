package io.millrace.channels;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.engine.ChannelClient;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.ChannelDescription;
import io.millrace.engine.api.ChannelEncryptionConfiguration;
import io.millrace.engine.api.ChannelLoggingConfiguration;
import io.millrace.engine.api.ChannelStreamConfiguration;
import io.millrace.engine.api.ChannelSummary;
import io.millrace.engine.api.CloudWatchLogs;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DeadLetterQueueS3Configuration;
import io.millrace.engine.api.DeleteChannelRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DescribeChannelRequest;
import io.millrace.engine.api.DescribeLimitsRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.ExpiredNextTokenException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.KMSDisabledException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListChannelsRequest;
import io.millrace.engine.api.ListChannelsResponse;
import io.millrace.engine.api.ListTagsForResourceRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.RecordConfiguration;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.S3DestinationConfiguration;
import io.millrace.engine.api.S3StorageConfiguration;
import io.millrace.engine.api.S3TablesConfiguration;
import io.millrace.engine.api.S3TablesDestinationConfiguration;
import io.millrace.engine.api.StreamFilter;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.Tag;
import io.millrace.engine.api.TagResourceRequest;
import io.millrace.engine.api.UntagResourceRequest;
import io.millrace.engine.api.UpdateAccountSettingsRequest;
import io.millrace.engine.api.UpdateChannelRequest;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputRequest;
import io.millrace.engine.api.ValidationException;
import io.millrace.engine.model.ChannelEncryptionType;
import io.millrace.engine.model.ChannelStatus;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import io.millrace.engine.model.S3StorageClass;
import io.millrace.engine.model.S3TablesCompressionType;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.FakeKeyStoreProvider;
import io.millrace.engine.testing.ManualClock;
import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What users see, from a put to a file, on real workers, by a clock that only the test moves. */
abstract class ChannelsContract {

  private static final String STREAM = "orders";
  private static final String ACCOUNT = "000000000000";
  private static final String STREAM_ARN =
      "arn:aws:kinesis:us-east-1:000000000000:stream/" + STREAM;
  private static final String ROLE = "arn:aws:iam::000000000000:role/miller";
  private static final String FLOUR = "arn:aws:s3:::flour";
  private static final Duration FRESHNESS = Duration.ofMinutes(5);

  @TempDir Path buckets;

  private final ManualClock clock = new ManualClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final String keyStore = UUID.randomUUID().toString();

  private Config settings;
  private Millrace millrace;
  private ChannelClient channels;

  /** Settings of an empty storage. */
  abstract Config storage();

  @BeforeEach
  void open() {
    settings =
        ConfigFactory.parseString(
                """
                millrace.limits.mode = off
                millrace.consumers { min-backoff = 10ms, max-backoff = 100ms }
                millrace.streams.shard-answer-timeout = 30d
                millrace.storage.jdbc.circuit-breaker.call-timeout = 30d
                millrace.encryption.key-store { provider = "%s", name = "%s" }
                millrace.channels {
                  directory = "%s"
                  check-interval = 10ms
                  min-backoff = 10ms
                  max-backoff = 50ms
                }
                """
                    .formatted(FakeKeyStoreProvider.class.getName(), keyStore, buckets))
            .withFallback(storage());
    start(settings);
    get(millrace.client().createStream(CreateStreamRequest.onDemand(STREAM)));
    get(millrace.awaitActive(STREAM));
  }

  private void start(Config with) {
    millrace = Millrace.open(with, clock);
    millrace.bindMetrics(registry);
    channels = Channels.of(millrace);
  }

  @AfterEach
  void close() {
    millrace.close();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return Awaits.get(stage);
  }

  private static void assertRefused(
      CompletionStage<?> stage, Class<? extends MillraceException> error, String message) {
    assertThat(Awaits.failureOf(stage)).isInstanceOf(error).hasMessageContaining(message);
  }

  private static S3StorageConfiguration flour(S3CompressionType compression) {
    return S3StorageConfiguration.of(FLOUR, ACCOUNT, compression);
  }

  private static CreateChannelRequest request(String name, RecordFormatType format) {
    return request(name, format, S3DestinationConfiguration.of(flour(S3CompressionType.NONE)));
  }

  private static CreateChannelRequest request(
      String name, RecordFormatType format, S3DestinationConfiguration destination) {
    return CreateChannelRequest.toS3(
        name,
        ROLE,
        new ChannelStreamConfiguration(STREAM_ARN, RecordConfiguration.of(format)),
        destination);
  }

  private ChannelDescription create(CreateChannelRequest request) {
    ChannelDescription created = get(channels.createChannel(request)).channelDescription();
    assertThat(created.channelStatus()).isEqualTo(ChannelStatus.CREATING);
    awaitStatus(created.channelARN(), ChannelStatus.ACTIVE);
    return created;
  }

  private ChannelDescription describe(String arn) {
    return get(channels.describeChannel(new DescribeChannelRequest(arn))).channelDescription();
  }

  private void awaitStatus(String arn, ChannelStatus status) {
    Awaits.await("the channel to be " + status, () -> describe(arn).channelStatus() == status);
  }

  private List<String> put(int from, int to) {
    List<String> put = new ArrayList<>();
    for (int i = from; i < to; i++) {
      put.add(put("key-" + i % 50, "{\"order\":%d}".formatted(i)));
    }
    return put;
  }

  /** By one call, so that what lands in a shard is read at once. */
  private List<String> putTogether(int from, int to) {
    List<String> put = IntStream.range(from, to).mapToObj("{\"order\":%d}"::formatted).toList();
    get(
        millrace
            .client()
            .putRecords(
                new PutRecordsRequest(
                    STREAM,
                    null,
                    put.stream()
                        .map(data -> PutRecordsRequestEntry.of(data, Payload.utf8(data)))
                        .toList(),
                    null)));
    return put;
  }

  private String put(String key, String data) {
    get(millrace.client().putRecord(STREAM, key, Payload.utf8(data)));
    return data;
  }

  private List<Path> objects() {
    return Delivered.objects(buckets, "flour", "kinesis-channel/orders-to-flour");
  }

  private void awaitDelivered(List<String> expected) {
    Awaits.await(
        expected.size() + " records in files",
        () -> new HashSet<>(Delivered.lines(objects())).containsAll(expected));
  }

  private void awaitGathered() {
    Awaits.await(
        "undelivered records",
        () -> registry.get("millrace.channel.freshness").timeGauge().value() > 0);
  }

  private void awaitNothingGathered() {
    Awaits.await(
        "checkpoints", () -> registry.get("millrace.channel.freshness").timeGauge().value() == 0);
  }

  // delivery

  @ParameterizedTest
  @EnumSource
  void deliversWhatWasPutWhenItIsOldEnough(S3CompressionType compression) {
    put(0, 5);
    clock.jumpWall(Duration.ofSeconds(1));
    create(
        request(
            "orders-to-flour",
            RecordFormatType.JSON,
            S3DestinationConfiguration.of(flour(compression))));
    List<String> put = putTogether(5, 60);
    clock.jumpWall(FRESHNESS);
    awaitDelivered(put);
    assertThat(Delivered.lines(objects())).containsExactlyInAnyOrderElementsOf(put);
    assertThat(objects()).hasSizeBetween(1, 4);
    String name = objects().get(0).getFileName().toString();
    assertThat(name).startsWith("orders-to-flour-").contains("-2026-01-01-00-00-");
  }

  @Test
  void waitsForTheFreshnessOfItsOldestRecord() {
    create(request("orders-to-flour", RecordFormatType.STRING));
    String first = put("one", "first");
    clock.jumpWall(Duration.ofMillis(1));
    awaitGathered();
    clock.jumpWall(FRESHNESS.minusMillis(2));
    String second = put("one", "x".repeat(200_000));
    Awaits.await("the second record", () -> Delivered.unfinishedBytes(buckets) > 100_000);
    clock.jumpWall(Duration.ofMillis(1));
    awaitDelivered(List.of(first, second));
    assertThat(objects()).hasSize(1);
    assertThat(Delivered.lines(objects())).containsExactly(first, second);
  }

  @Test
  void deliversSoonerWhatIsLarge() {
    millrace.close();
    start(
        ConfigFactory.parseString("millrace.channels.max-object-bytes = 1000")
            .withFallback(settings));
    create(request("orders-to-flour", RecordFormatType.STRING));
    String small = put("one", "small");
    String large = put("one", "x".repeat(1000));
    awaitDelivered(List.of(small, large));
  }

  @Test
  void recordsThatAreNotJsonAreDeadLetters() throws IOException {
    create(
        request(
            "orders-to-flour",
            RecordFormatType.JSON,
            S3DestinationConfiguration.of(flour(S3CompressionType.NONE))
                .withDeadLetters(
                    new DeadLetterQueueS3Configuration("arn:aws:s3:::dregs", ACCOUNT, "bad/"))));
    List<String> put = put(0, 20);
    put("one", "no json");
    clock.jumpWall(FRESHNESS);
    awaitDelivered(put);
    Awaits.await("the dead letter", () -> !Delivered.objects(buckets, "dregs", "").isEmpty());
    List<Path> dead = Delivered.objects(buckets, "dregs", "bad/2026/01/01/00/orders-to-flour-");
    assertThat(dead).hasSize(1);
    assertThat(Delivered.lines(dead)).hasSize(1);
    assertThat(new ObjectMapper().readTree(Delivered.lines(dead).get(0)).get("data").binaryValue())
        .asString()
        .isEqualTo("no json");
    assertThat(Delivered.lines(objects())).containsExactlyInAnyOrderElementsOf(put);
  }

  @Test
  void keysFollowTheTemplate() {
    create(
        request(
            "orders-to-flour",
            RecordFormatType.STRING,
            S3DestinationConfiguration.of(
                flour(S3CompressionType.GZIP).withOutputKeyTemplate("day=!{dd}/!{channel-name}"))));
    String put = put("one", "data");
    clock.jumpWall(FRESHNESS);
    Awaits.await("the file", () -> !Delivered.objects(buckets, "flour", "").isEmpty());
    Path file = Delivered.objects(buckets, "flour", "").get(0);
    assertThat(buckets.relativize(file).toString())
        .matches("flour/day=01/orders-to-flour-\\d{12}-[0-9a-f]{32}");
    assertThat(put).isEqualTo("data");
  }

  @Test
  void goesOnWhereItWasAfterARestart() {
    create(request("orders-to-flour", RecordFormatType.JSON));
    List<String> first = put(0, 30);
    clock.jumpWall(FRESHNESS);
    awaitDelivered(first);
    awaitNothingGathered();
    List<String> gathered = put(30, 60);
    clock.jumpWall(Duration.ofSeconds(1));
    awaitGathered();
    millrace.close();
    start(settings);
    List<String> second = put(60, 90);
    clock.jumpWall(FRESHNESS);
    awaitDelivered(gathered);
    awaitDelivered(second);
    List<String> all = new ArrayList<>(first);
    all.addAll(gathered);
    all.addAll(second);
    assertThat(Delivered.lines(objects())).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void followsTheStreamThroughAReshard() {
    create(request("orders-to-flour", RecordFormatType.JSON));
    List<String> put = new ArrayList<>(put(0, 100));
    get(millrace.client().updateAccountSettings(UpdateAccountSettingsRequest.commit()));
    get(
        millrace
            .client()
            .updateStreamWarmThroughput(UpdateStreamWarmThroughputRequest.of(STREAM, 8)));
    put.addAll(put(100, 200));
    get(millrace.awaitActive(STREAM));
    put.addAll(put(200, 300));
    assertThat(
            get(millrace.client().describeStreamSummary(DescribeStreamSummaryRequest.of(STREAM)))
                .streamDescriptionSummary()
                .openShardCount())
        .isGreaterThan(4);
    Awaits.await(
        "everything",
        () -> {
          clock.jumpWall(FRESHNESS);
          return new HashSet<>(Delivered.lines(objects())).containsAll(put);
        });
    assertThat(Delivered.lines(objects())).containsExactlyInAnyOrderElementsOf(put);
  }

  @Test
  void triesAgainWhatCannotBeWritten() throws IOException {
    Files.writeString(buckets.resolve("flour"), "in the way");
    create(request("orders-to-flour", RecordFormatType.JSON));
    List<String> put = put(0, 10);
    clock.jumpWall(FRESHNESS);
    Awaits.await(
        "a failure",
        () ->
            registry.get("millrace.channel.deliveries").tags("result", "failure").counter().count()
                > 0);
    Files.delete(buckets.resolve("flour"));
    awaitDelivered(put);
  }

  @Test
  void countsWhatItDelivers() {
    create(request("orders-to-flour", RecordFormatType.JSON));
    List<String> put = put(0, 20);
    put("one", "no json");
    clock.jumpWall(FRESHNESS);
    awaitDelivered(put);
    Awaits.await("20 records", () -> records("delivered") == 20 && records("dead") == 1);
    assertThat(registry.get("millrace.channel.bytes.out").counter().count()).isPositive();
    assertThat(registry.get("millrace.channel.bytes.in").counter().count())
        .isEqualTo(put.stream().mapToInt(String::length).sum() + "no json".length());
  }

  private double records(String result) {
    return registry.get("millrace.channel.records").tags("result", result).counter().count();
  }

  // the life of a channel

  @Test
  void describesWhatItWasToldWithItsDefaults() {
    ChannelDescription created = create(request("orders-to-flour", RecordFormatType.STRING));
    ChannelDescription found = describe(created.channelARN());
    String id = found.channelId();
    assertThat(found.channelARN())
        .isEqualTo("arn:aws:kinesis:us-east-1:000000000000:channel/orders-to-flour/" + id);
    assertThat(found.channelName()).isEqualTo("orders-to-flour");
    assertThat(found.channelStatusReason()).isNull();
    assertThat(found.channelCreationTimestamp())
        .isEqualTo(Instant.ofEpochMilli(ManualClock.START_MILLIS));
    assertThat(found.serviceExecutionRoleARN()).isEqualTo(ROLE);
    assertThat(found.streamConfigurationList()).hasSize(1);
    assertThat(found.streamConfigurationList().get(0).streamARN()).isEqualTo(STREAM_ARN);
    assertThat(found.streamConfigurationList().get(0).recordConfiguration())
        .isEqualTo(RecordConfiguration.of(RecordFormatType.STRING));
    assertThat(found.s3DestinationConfiguration())
        .isEqualTo(
            new S3DestinationConfiguration(
                300,
                new DeadLetterQueueS3Configuration(
                    FLOUR, ACCOUNT, "kinesis-channel/errors/orders-to-flour/" + id + "/"),
                new S3StorageConfiguration(
                    FLOUR,
                    ACCOUNT,
                    "kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/"
                        + "!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}"
                        + "!{extension}",
                    S3StorageClass.STANDARD,
                    S3CompressionType.NONE)));
    assertThat(found.encryptionConfiguration()).isNull();
    assertThat(found.loggingConfiguration().cloudWatchLogs())
        .isEqualTo(
            new CloudWatchLogs(false, "/aws/kinesis/orders-to-flour/" + id, "DestinationDelivery"));
  }

  @Test
  void isUpdatedWhileItDelivers() {
    Logger logger = (Logger) LoggerFactory.getLogger("mill.DestinationDelivery");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
    log.start();
    String arn = create(request("orders-to-flour", RecordFormatType.JSON)).channelARN();
    List<String> put = put(0, 10);
    clock.jumpWall(FRESHNESS.minusSeconds(1));
    ChannelDescription updated =
        get(channels.updateChannel(
                new UpdateChannelRequest(
                    arn,
                    UpdateChannelRequest.freshness(arn, 900).s3DestinationConfiguration(),
                    null,
                    new ChannelLoggingConfiguration(new CloudWatchLogs(true, "mill", null)))))
            .channelDescription();
    assertThat(updated.channelStatus()).isEqualTo(ChannelStatus.UPDATING);
    assertThat(updated.s3DestinationConfiguration().dataFreshnessInSeconds()).isEqualTo(900);
    awaitStatus(arn, ChannelStatus.ACTIVE);
    assertThat(describe(arn).loggingConfiguration().cloudWatchLogs())
        .isEqualTo(new CloudWatchLogs(true, "mill", "DestinationDelivery"));
    clock.jumpWall(Duration.ofMinutes(10));
    String late = put("one", "{\"late\":true}");
    clock.jumpWall(Duration.ofSeconds(1));
    awaitDelivered(put);
    get(channels.updateChannel(UpdateChannelRequest.freshness(arn, 300)));
    clock.jumpWall(Duration.ofSeconds(299));
    awaitDelivered(List.of(late));
    assertThat(Delivered.lines(objects())).hasSize(11);
    awaitNothingGathered();
    logger.detachAppender(log);
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .isNotEmpty()
        .allMatch(line -> line.startsWith("orders-to-flour of shardId-00000000000"));
  }

  @Test
  void isDeletedWhileItDelivers() {
    String arn = create(request("orders-to-flour", RecordFormatType.JSON)).channelARN();
    List<String> put = put(0, 10);
    clock.jumpWall(FRESHNESS);
    awaitDelivered(put);
    awaitNothingGathered();
    put("one", "{\"order\":\"gathered\"}");
    clock.jumpWall(Duration.ofSeconds(1));
    awaitGathered();
    get(channels.deleteChannel(new DeleteChannelRequest(arn)));
    Awaits.await("the channel to be gone", () -> list(ListChannelsRequest.all()).isEmpty());
    awaitDelivered(List.of("{\"order\":\"gathered\"}"));
    assertRefused(
        channels.describeChannel(new DescribeChannelRequest(arn)),
        ResourceNotFoundException.class,
        arn);
    assertRefused(
        channels.deleteChannel(new DeleteChannelRequest(arn)),
        ResourceNotFoundException.class,
        arn);
    assertThat(Delivered.unfinishedBytes(buckets)).isZero();
    String again = create(request("orders-to-flour", RecordFormatType.JSON)).channelARN();
    assertThat(again).isNotEqualTo(arn);
  }

  @Test
  void keepsItsStreamFromBeingDeletedOrProvisioned() {
    String arn = create(request("orders-to-flour", RecordFormatType.JSON)).channelARN();
    assertThat(channelCount()).isEqualTo(1);
    assertRefused(
        millrace.client().deleteStream(DeleteStreamRequest.of(STREAM)),
        ResourceInUseException.class,
        "orders-to-flour");
    assertRefused(
        millrace
            .client()
            .updateStreamMode(
                UpdateStreamModeRequest.of(STREAM_ARN, StreamModeDetails.PROVISIONED)),
        ResourceInUseException.class,
        "orders-to-flour");
    get(channels.deleteChannel(new DeleteChannelRequest(arn)));
    Awaits.await("the channel to be gone", () -> channelCount() == 0);
    get(millrace.client().deleteStream(DeleteStreamRequest.of(STREAM)));
  }

  private int channelCount() {
    return get(millrace.client().describeStreamSummary(DescribeStreamSummaryRequest.of(STREAM)))
        .streamDescriptionSummary()
        .channelCount();
  }

  @Test
  void failsWhenItsStreamIsNotThere() {
    String arn = create(request("orders-to-flour", RecordFormatType.JSON)).channelARN();
    millrace.close();
    millrace = Millrace.open(settings, clock);
    get(millrace.client().deleteStream(DeleteStreamRequest.of(STREAM)));
    Awaits.await(
        "the stream to be gone",
        () -> {
          try {
            get(millrace.client().createStream(CreateStreamRequest.onDemand(STREAM)));
            return true;
          } catch (ResourceInUseException there) {
            return false;
          }
        });
    channels = Channels.of(millrace);
    awaitStatus(arn, ChannelStatus.FAILED);
    assertThat(describe(arn).channelStatusReason()).contains(STREAM_ARN);
    assertThat(channelCount()).isZero();
    assertRefused(
        channels.updateChannel(UpdateChannelRequest.freshness(arn, 400)),
        ResourceInUseException.class,
        "FAILED");
    get(channels.deleteChannel(new DeleteChannelRequest(arn)));
    Awaits.await("the channel to be gone", () -> list(ListChannelsRequest.all()).isEmpty());
  }

  // listings and limits

  private List<ChannelSummary> list(ListChannelsRequest request) {
    return get(channels.listChannels(request)).channelSummaries();
  }

  @Test
  void listsPageByPage() {
    millrace.close();
    start(ConfigFactory.parseString("millrace.channels.max-per-stream = 5").withFallback(settings));
    for (String name : List.of("b", "a", "c")) {
      get(channels.createChannel(request(name, RecordFormatType.JSON)));
    }
    ListChannelsResponse page =
        get(channels.listChannels(ListChannelsRequest.all().withMaxResults(2)));
    assertThat(page.channelSummaries())
        .extracting(ChannelSummary::channelName)
        .containsExactly("a", "b");
    ListChannelsResponse rest =
        get(channels.listChannels(ListChannelsRequest.all().next(page.nextToken())));
    assertThat(rest.channelSummaries())
        .extracting(ChannelSummary::channelName)
        .containsExactly("c");
    assertThat(rest.nextToken()).isNull();
    assertThat(list(ListChannelsRequest.ofStream(STREAM_ARN))).hasSize(3);
    assertThat(list(ListChannelsRequest.ofStream(STREAM_ARN + "s"))).isEmpty();
    Instant created = page.channelSummaries().get(0).streams().get(0).streamCreationTimestamp();
    assertThat(
            list(
                new ListChannelsRequest(
                    List.of(new StreamFilter(STREAM_ARN, created)), null, null)))
        .hasSize(3);
    assertThat(
            list(
                new ListChannelsRequest(
                    List.of(new StreamFilter(STREAM_ARN, created.plusSeconds(1))), null, null)))
        .isEmpty();
    clock.advance(Duration.ofMinutes(5));
    assertRefused(
        channels.listChannels(ListChannelsRequest.all().next(page.nextToken())),
        ExpiredNextTokenException.class,
        "300 seconds");
    assertRefused(
        channels.listChannels(ListChannelsRequest.all().next("made up")),
        InvalidArgumentException.class,
        "NextToken");
    assertThat(get(millrace.client().describeLimits(new DescribeLimitsRequest())))
        .satisfies(
            limits -> {
              assertThat(limits.channelCount()).isEqualTo(3);
              assertThat(limits.channelCountLimit()).isEqualTo(100);
            });
  }

  @Test
  void refusesATakenNameAndMoreThanTheQuotas() {
    create(request("orders-to-flour", RecordFormatType.JSON));
    assertRefused(
        channels.createChannel(request("orders-to-flour", RecordFormatType.JSON)),
        ResourceInUseException.class,
        "already exists");
    assertRefused(
        channels.createChannel(request("another", RecordFormatType.JSON)),
        LimitExceededException.class,
        "may have 1 channels");
    millrace.close();
    start(
        ConfigFactory.parseString("millrace.channels { max-per-stream = 5, max-channels = 1 }")
            .withFallback(settings));
    assertRefused(
        channels.createChannel(request("another", RecordFormatType.JSON)),
        LimitExceededException.class,
        "account may have 1");
  }

  @Test
  void fiveCallsOfAnOperationInASecond() {
    millrace.close();
    start(ConfigFactory.parseString("millrace.limits.mode = kinesis").withFallback(settings));
    IntStream.range(0, 5).forEach(call -> list(ListChannelsRequest.all()));
    assertRefused(
        channels.listChannels(ListChannelsRequest.all()),
        LimitExceededException.class,
        "Rate exceeded");
    clock.advance(Duration.ofSeconds(1));
    assertThat(list(ListChannelsRequest.all())).isEmpty();
  }

  // what is refused

  @Test
  void refusesWhatDoesNotGoTogether() {
    CreateChannelRequest good = request("orders-to-flour", RecordFormatType.JSON);
    refused(request("orders-to-flour", RecordFormatType.GSR_JSON), "GSR_JSON");
    refused(
        request(
            "orders-to-flour",
            RecordFormatType.JSON,
            good.s3DestinationConfiguration().withDataFreshnessInSeconds(299)),
        "between 300 and 900: 299");
    refused(
        request(
            "orders-to-flour",
            RecordFormatType.JSON,
            good.s3DestinationConfiguration().withDataFreshnessInSeconds(901)),
        "between 300 and 900: 901");
    for (String template : List.of("../a", "a/../../b", "/a", "!{shard}", "a/")) {
      refused(
          request(
              "orders-to-flour",
              RecordFormatType.JSON,
              S3DestinationConfiguration.of(
                  flour(S3CompressionType.NONE).withOutputKeyTemplate(template))),
          "");
    }
    refused(
        request(
            "..",
            RecordFormatType.JSON,
            S3DestinationConfiguration.of(
                flour(S3CompressionType.NONE).withOutputKeyTemplate("!{channel-name}/a"))),
        "path through");
    refused(
        request(
            "orders-to-flour",
            RecordFormatType.JSON,
            good.s3DestinationConfiguration()
                .withDeadLetters(new DeadLetterQueueS3Configuration(FLOUR, ACCOUNT, "../../"))),
        "path through");
    refused(
        request(
            "orders-to-flour",
            RecordFormatType.JSON,
            S3DestinationConfiguration.of(
                S3StorageConfiguration.of("arn:aws:s3:::...", ACCOUNT, S3CompressionType.NONE))),
        "not the name of a bucket");
    refused(
        good.withEncryption(
            new ChannelEncryptionConfiguration(ChannelEncryptionType.KMS, "alias/aws/kinesis")),
        "customer's own");
    refused(good.withTags(Map.of("aws:mill", "no")), "reserved");
    refused(
        new CreateChannelRequest(
            "orders-to-flour",
            ROLE,
            List.of(good.streamConfigurationList().get(0), good.streamConfigurationList().get(0)),
            good.s3DestinationConfiguration(),
            null,
            null,
            null,
            null),
        "one entry");
    refused(
        new CreateChannelRequest(
            "orders-to-flour", ROLE, good.streamConfigurationList(), null, null, null, null, null),
        "must be specified");
    assertThat(list(ListChannelsRequest.all())).isEmpty();
  }

  @Test
  void refusesTables() {
    refused(table(RecordFormatType.STRING, null), "STRING is for objects");
    refused(table(RecordFormatType.JSON, null), "GSRSchemaARN");
    refused(
        table(RecordFormatType.GSR_JSON, "arn:aws:glue:us-east-1:000000000000:schema/mill/orders"),
        "no service of tables");
  }

  private static CreateChannelRequest table(RecordFormatType format, String schema) {
    return new CreateChannelRequest(
        "orders-to-table",
        ROLE,
        List.of(
            new ChannelStreamConfiguration(STREAM_ARN, new RecordConfiguration(format, schema))),
        null,
        new S3TablesDestinationConfiguration(
            null,
            new DeadLetterQueueS3Configuration(FLOUR, ACCOUNT, null),
            List.of(
                new S3TablesConfiguration(
                    "arn:aws:s3tables:us-east-1:000000000000:bucket/flour",
                    "mill",
                    "orders",
                    S3TablesCompressionType.ZSTD,
                    null))),
        null,
        null,
        null);
  }

  private void refused(CreateChannelRequest request, String message) {
    assertRefused(channels.createChannel(request), InvalidArgumentException.class, message);
  }

  @Test
  void refusesStreamsThatAreNotFit() {
    get(millrace.client().createStream("steady", 1));
    get(millrace.awaitActive("steady"));
    assertRefused(
        channels.createChannel(of("steady")), InvalidArgumentException.class, "PROVISIONED");
    assertRefused(
        channels.createChannel(of("nowhere")), ResourceNotFoundException.class, "nowhere");
    assertRefused(
        channels.createChannel(
            new CreateChannelRequest("a b", ROLE, null, null, null, null, null, null)),
        ValidationException.class,
        "channelName");
    assertRefused(
        channels.describeChannel(new DescribeChannelRequest("orders")),
        ValidationException.class,
        "channelARN");
  }

  private static CreateChannelRequest of(String stream) {
    return CreateChannelRequest.toS3(
        "orders-to-flour",
        ROLE,
        new ChannelStreamConfiguration(
            "arn:aws:kinesis:us-east-1:000000000000:stream/" + stream,
            RecordConfiguration.of(RecordFormatType.JSON)),
        S3DestinationConfiguration.of(flour(S3CompressionType.NONE)));
  }

  @Test
  void updatesNothingElse() {
    String arn = create(request("orders-to-flour", RecordFormatType.JSON)).channelARN();
    assertRefused(
        channels.updateChannel(new UpdateChannelRequest(arn, null, null, null)),
        InvalidArgumentException.class,
        "must be specified");
    assertRefused(
        channels.updateChannel(
            new UpdateChannelRequest(
                arn,
                null,
                UpdateChannelRequest.freshness(arn, 300).s3DestinationConfiguration(),
                null)),
        InvalidArgumentException.class,
        "table");
    assertRefused(
        channels.updateChannel(UpdateChannelRequest.freshness(arn, 5)),
        InvalidArgumentException.class,
        "between 300 and 900");
    assertRefused(
        channels.updateChannel(UpdateChannelRequest.freshness(arn + "x", 300)),
        ResourceNotFoundException.class,
        arn + "x");
  }

  @Test
  void hasTags() {
    String arn =
        create(request("orders-to-flour", RecordFormatType.JSON).withTags(Map.of("team", "mill")))
            .channelARN();
    get(millrace.client().tagResource(new TagResourceRequest(arn, Map.of("stage", "test"))));
    assertThat(tags(arn)).containsExactly(new Tag("stage", "test"), new Tag("team", "mill"));
    get(millrace.client().untagResource(new UntagResourceRequest(arn, List.of("team", "none"))));
    assertThat(tags(arn)).containsExactly(new Tag("stage", "test"));
    Map<String, String> many = new java.util.HashMap<>();
    IntStream.range(0, 50).forEach(i -> many.put("key-" + i, ""));
    assertRefused(
        millrace.client().tagResource(new TagResourceRequest(arn, many)),
        InvalidArgumentException.class,
        "50 tags");
    assertRefused(
        millrace.client().tagResource(new TagResourceRequest(arn + "x", Map.of("a", "b"))),
        ResourceNotFoundException.class,
        arn + "x");
    millrace.close();
    start(settings);
    assertThat(tags(arn)).containsExactly(new Tag("stage", "test"));
  }

  private List<Tag> tags(String arn) {
    return get(millrace.client().listTagsForResource(new ListTagsForResourceRequest(arn))).tags();
  }

  @Test
  void requestsAreAboutTheChannelOrTheStream() {
    CreateChannelRequest request =
        request("orders-to-flour", RecordFormatType.JSON).withTags(Map.of("team", "mill"));
    assertThat(millrace.resourceOf(request, ACCOUNT))
        .hasValueSatisfying(
            stream -> {
              assertThat(stream.arn()).isEqualTo(STREAM_ARN);
              assertThat(stream.isThere()).isTrue();
            });
    String arn = create(request).channelARN();
    assertThat(millrace.resourceOf(new DeleteChannelRequest(arn), ACCOUNT))
        .hasValueSatisfying(
            channel -> {
              assertThat(channel.arn()).isEqualTo(arn);
              assertThat(channel.isThere()).isTrue();
              assertThat(channel.tags()).isEqualTo(Map.of("team", "mill"));
              assertThat(channel.accountId()).isEqualTo(ACCOUNT);
            });
    assertThat(millrace.resourceOf(new DescribeChannelRequest(arn + "x"), ACCOUNT))
        .hasValueSatisfying(channel -> assertThat(channel.isThere()).isFalse());
    assertThat(millrace.resourceOf(ListChannelsRequest.all(), ACCOUNT)).isEmpty();
  }

  @Test
  void waitsForItsMasterKey() {
    FakeKeyStore store = FakeKeyStore.named(keyStore);
    CreateChannelRequest encrypted =
        request("orders-to-flour", RecordFormatType.JSON)
            .withEncryption(
                new ChannelEncryptionConfiguration(ChannelEncryptionType.KMS, "alias/mill"));
    store.fail(KeyFailure.DISABLED);
    assertRefused(channels.createChannel(encrypted), KMSDisabledException.class, "");
    store.heal();
    create(encrypted);
    store.fail(KeyFailure.DISABLED);
    List<String> put = put(0, 10);
    clock.jumpWall(FRESHNESS);
    Awaits.await(
        "a failure",
        () ->
            registry.get("millrace.channel.deliveries").tags("result", "failure").counter().count()
                > 0);
    assertThat(objects()).isEmpty();
    store.heal();
    awaitDelivered(put);
  }
}
