package io.millrace.engine.api;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.millrace.engine.api.ServiceDescription.Member;
import io.millrace.engine.api.ServiceDescription.Shape;
import io.millrace.engine.model.ChannelEncryptionType;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.PartitionTransform;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.RecordFormatType;
import io.millrace.engine.model.S3CompressionType;
import io.millrace.engine.model.S3StorageClass;
import io.millrace.engine.model.S3TablesCompressionType;
import io.millrace.engine.model.ScalingType;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardIteratorType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds every member of every request against the published description of the API: each constraint
 * there must be checked here, with the member's path and the service's words, and what lies just
 * inside of it must pass.
 */
class ConstraintsTest {

  private static final ServiceDescription API = ServiceDescription.read();
  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/";
  private static final String CONSUMER_ARN = ARN + "orders/consumer/";
  private static final String ROLE_ARN = "arn:aws:iam::000000000000:role/miller";
  private static final String SCHEMA_ARN = "arn:aws:glue:us-east-1:000000000000:schema/mill/orders";
  private static final String BUCKET_ARN = "arn:aws:s3:::";
  private static final String TABLE_BUCKET_ARN = "arn:aws:s3tables:us-east-1:000000000000:bucket/";
  private static final String CHANNEL_ARN = "arn:aws:kinesis:us-east-1:000000000000:channel/pipe/1";
  private static final String NUMBER = "49590338271490256608559692538361571095921575989136588898";

  /** A request of each operation with every member present. */
  private static final Map<String, Request> COMPLETE =
      Map.ofEntries(
          Map.entry(
              "CreateStream",
              CreateStreamRequest.provisioned("orders", 2)
                  .withWarmThroughputMiBps(8)
                  .withMaxRecordSizeInKiB(2048)
                  .withRecordDistributionStrategy(RecordDistributionStrategy.USER_PARTITION_KEY)
                  .withTags(Map.of("team", "mill"))),
          Map.entry(
              "UpdateStreamRecordDistributionStrategy",
              new UpdateStreamRecordDistributionStrategyRequest(
                  ARN + "orders", RecordDistributionStrategy.AUTO)),
          Map.entry(
              "AddTagsToStream",
              new AddTagsToStreamRequest("orders", ARN + "orders", Map.of("team", "mill"))),
          Map.entry(
              "RemoveTagsFromStream",
              new RemoveTagsFromStreamRequest("orders", ARN + "orders", List.of("team"))),
          Map.entry(
              "ListTagsForStream",
              new ListTagsForStreamRequest("orders", ARN + "orders", "team", 10)),
          Map.entry("TagResource", new TagResourceRequest(ARN + "orders", Map.of("team", "mill"))),
          Map.entry("UntagResource", new UntagResourceRequest(ARN + "orders", List.of("team"))),
          Map.entry("ListTagsForResource", new ListTagsForResourceRequest(ARN + "orders")),
          Map.entry("PutResourcePolicy", new PutResourcePolicyRequest(ARN + "orders", "{}")),
          Map.entry("GetResourcePolicy", new GetResourcePolicyRequest(ARN + "orders")),
          Map.entry("DeleteResourcePolicy", new DeleteResourcePolicyRequest(ARN + "orders")),
          Map.entry("DeleteStream", new DeleteStreamRequest("orders", ARN + "orders", true)),
          Map.entry(
              "DescribeStream",
              new DescribeStreamRequest("orders", ARN + "orders", 10, "shardId-000000000000")),
          Map.entry(
              "DescribeStreamSummary", new DescribeStreamSummaryRequest("orders", ARN + "orders")),
          Map.entry("DescribeLimits", new DescribeLimitsRequest()),
          Map.entry("DescribeAccountSettings", new DescribeAccountSettingsRequest()),
          Map.entry("ListStreams", new ListStreamsRequest(10, "orders", "token")),
          Map.entry(
              "ListShards",
              new ListShardsRequest(
                  "orders",
                  ARN + "orders",
                  "token",
                  "shardId-000000000000",
                  10,
                  Instant.EPOCH,
                  new ShardFilter(
                      ShardFilterType.AFTER_SHARD_ID, "shardId-000000000000", Instant.EPOCH))),
          Map.entry(
              "IncreaseStreamRetentionPeriod",
              new IncreaseStreamRetentionPeriodRequest("orders", ARN + "orders", 48)),
          Map.entry(
              "DecreaseStreamRetentionPeriod",
              new DecreaseStreamRetentionPeriodRequest("orders", ARN + "orders", 24)),
          Map.entry(
              "StartStreamEncryption",
              new StartStreamEncryptionRequest(
                  "orders", ARN + "orders", EncryptionType.KMS, "alias/aws/kinesis")),
          Map.entry(
              "StopStreamEncryption",
              new StopStreamEncryptionRequest(
                  "orders", ARN + "orders", EncryptionType.KMS, "alias/aws/kinesis")),
          Map.entry(
              "SplitShard",
              new SplitShardRequest("orders", ARN + "orders", "shardId-000000000000", "17")),
          Map.entry(
              "MergeShards",
              new MergeShardsRequest(
                  "orders", ARN + "orders", "shardId-000000000000", "shardId-000000000001")),
          Map.entry(
              "UpdateShardCount",
              new UpdateShardCountRequest(
                  "orders", ARN + "orders", 4, ScalingType.UNIFORM_SCALING)),
          Map.entry(
              "UpdateStreamMode",
              new UpdateStreamModeRequest(ARN + "orders", StreamModeDetails.ON_DEMAND, 8)),
          Map.entry(
              "UpdateStreamWarmThroughput",
              new UpdateStreamWarmThroughputRequest("orders", ARN + "orders", 8)),
          Map.entry("UpdateAccountSettings", UpdateAccountSettingsRequest.commit()),
          Map.entry(
              "RegisterStreamConsumer",
              new RegisterStreamConsumerRequest(ARN + "orders", "audit", Map.of("team", "mill"))),
          Map.entry(
              "DescribeStreamConsumer",
              new DescribeStreamConsumerRequest(ARN + "orders", "audit", CONSUMER_ARN + "audit:1")),
          Map.entry(
              "DeregisterStreamConsumer",
              new DeregisterStreamConsumerRequest(
                  ARN + "orders", "audit", CONSUMER_ARN + "audit:1")),
          Map.entry(
              "ListStreamConsumers",
              new ListStreamConsumersRequest(ARN + "orders", "token", 10, Instant.EPOCH)),
          Map.entry(
              "EnableEnhancedMonitoring",
              new EnableEnhancedMonitoringRequest(
                  "orders", List.of(MetricsName.INCOMING_BYTES), ARN + "orders")),
          Map.entry(
              "DisableEnhancedMonitoring",
              new DisableEnhancedMonitoringRequest(
                  "orders", List.of(MetricsName.ALL), ARN + "orders")),
          Map.entry("UpdateMaxRecordSize", UpdateMaxRecordSizeRequest.of(ARN + "orders", 2048)),
          Map.entry(
              "PutRecord",
              new PutRecordRequest(
                  "orders", ARN + "orders", Payload.utf8("hello"), "key", "0", NUMBER, true, null)),
          Map.entry(
              "PutRecords",
              new PutRecordsRequest(
                  "orders", ARN + "orders", List.of(entry("a"), entry("b"), entry("c")), true)),
          Map.entry(
              "GetShardIterator",
              new GetShardIteratorRequest(
                  "orders",
                  ARN + "orders",
                  "shardId-000000000000",
                  ShardIteratorType.AT_TIMESTAMP,
                  NUMBER,
                  Instant.EPOCH,
                  true)),
          Map.entry("GetRecords", new GetRecordsRequest("iterator", 10, ARN + "orders", true)),
          Map.entry("CreateChannel", channel()),
          Map.entry("DescribeChannel", new DescribeChannelRequest(CHANNEL_ARN)),
          Map.entry(
              "UpdateChannel",
              new UpdateChannelRequest(
                  CHANNEL_ARN,
                  new DestinationUpdateInput(300),
                  new DestinationUpdateInput(300),
                  new ChannelLoggingConfiguration(new CloudWatchLogs(true, "group", "stream")))),
          Map.entry("DeleteChannel", new DeleteChannelRequest(CHANNEL_ARN)),
          Map.entry(
              "ListChannels",
              new ListChannelsRequest(
                  List.of(new StreamFilter(ARN + "orders", Instant.EPOCH)), 10, "token")),
          Map.entry(
              "SubscribeToShard",
              new SubscribeToShardRequest(
                  CONSUMER_ARN + "audit:1",
                  "shardId-000000000000",
                  new StartingPosition(ShardIteratorType.AT_TIMESTAMP, NUMBER, Instant.EPOCH),
                  true)));

  /** Members of the description that no request has yet. */
  private static final Map<String, Set<String>> LEFT_OUT =
      Map.ofEntries(
          Map.entry("CreateStream", Set.of()),
          Map.entry("UpdateStreamRecordDistributionStrategy", Set.of("StreamId")),
          Map.entry("AddTagsToStream", Set.of("StreamId")),
          Map.entry("RemoveTagsFromStream", Set.of("StreamId")),
          Map.entry("ListTagsForStream", Set.of("StreamId")),
          Map.entry("TagResource", Set.of("StreamId")),
          Map.entry("UntagResource", Set.of("StreamId")),
          Map.entry("ListTagsForResource", Set.of("StreamId")),
          Map.entry("PutResourcePolicy", Set.of("StreamId")),
          Map.entry("GetResourcePolicy", Set.of("StreamId")),
          Map.entry("DeleteResourcePolicy", Set.of("StreamId")),
          Map.entry("DeleteStream", Set.of("StreamId")),
          Map.entry("RegisterStreamConsumer", Set.of("StreamId")),
          Map.entry("DescribeStreamConsumer", Set.of("StreamId")),
          Map.entry("DeregisterStreamConsumer", Set.of("StreamId")),
          Map.entry("ListStreamConsumers", Set.of("StreamId")),
          Map.entry("DescribeStream", Set.of("StreamId")),
          Map.entry("DescribeStreamSummary", Set.of("StreamId")),
          Map.entry("DescribeLimits", Set.of()),
          Map.entry("DescribeAccountSettings", Set.of()),
          Map.entry("ListStreams", Set.of()),
          Map.entry("ListShards", Set.of("StreamId")),
          Map.entry("IncreaseStreamRetentionPeriod", Set.of("StreamId")),
          Map.entry("DecreaseStreamRetentionPeriod", Set.of("StreamId")),
          Map.entry("EnableEnhancedMonitoring", Set.of("StreamId")),
          Map.entry("DisableEnhancedMonitoring", Set.of("StreamId")),
          Map.entry("UpdateMaxRecordSize", Set.of("StreamId")),
          Map.entry("StartStreamEncryption", Set.of("StreamId")),
          Map.entry("StopStreamEncryption", Set.of("StreamId")),
          Map.entry("SplitShard", Set.of("StreamId")),
          Map.entry("MergeShards", Set.of("StreamId")),
          Map.entry("UpdateShardCount", Set.of("StreamId")),
          Map.entry("UpdateStreamMode", Set.of("StreamId")),
          Map.entry("UpdateStreamWarmThroughput", Set.of("StreamId")),
          Map.entry("UpdateAccountSettings", Set.of()),
          Map.entry("PutRecord", Set.of("StreamId")),
          Map.entry("PutRecords", Set.of("StreamId")),
          Map.entry("GetShardIterator", Set.of("StreamId")),
          Map.entry("GetRecords", Set.of("StreamId")),
          Map.entry("CreateChannel", Set.of()),
          Map.entry("DescribeChannel", Set.of()),
          Map.entry("UpdateChannel", Set.of()),
          Map.entry("DeleteChannel", Set.of()),
          Map.entry("ListChannels", Set.of()),
          Map.entry("SubscribeToShard", Set.of("StreamId")));

  /** Constraints that end in InvalidArgumentException instead, from {@code checkArguments}. */
  private static final Set<String> INVALID_ARGUMENTS = Set.of("GetRecords: limit 10001");

  /** Members that the description has as optional but that the operation cannot do without. */
  private static final Set<String> REQUIRED_ALL_THE_SAME = Set.of("UpdateMaxRecordSize: streamARN");

  @Test
  void knowsEveryRequest() {
    assertThat(COMPLETE.values())
        .extracting(Object::getClass)
        .containsExactlyInAnyOrderElementsOf(allRequests(Request.class));
    assertThat(LEFT_OUT.keySet()).isEqualTo(COMPLETE.keySet());
  }

  @TestFactory
  Stream<DynamicTest> hasTheMembersOfTheApi() {
    return operations(
        (operation, request) -> {
          assertThat(request.getClass().getSimpleName()).isEqualTo(operation + "Request");
          Set<String> expected =
              API.input(operation).members().stream()
                  .filter(member -> !LEFT_OUT.get(operation).contains(member.name()))
                  .map(Member::path)
                  .collect(toCollection(TreeSet::new));
          Set<String> actual =
              Arrays.stream(request.getClass().getRecordComponents())
                  .filter(component -> !component.isAnnotationPresent(EmbeddedOnly.class))
                  .map(RecordComponent::getName)
                  .collect(toCollection(TreeSet::new));
          assertThat(actual).isEqualTo(expected);
          assertThat(API.input(operation).members())
              .extracting(Member::name)
              .containsAll(LEFT_OUT.get(operation));
        });
  }

  @TestFactory
  Stream<DynamicTest> acceptsTheCompleteRequest() {
    return operations(
        (operation, request) -> assertThatCode(request::validate).doesNotThrowAnyException());
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatBreaksAConstraint() {
    return cases()
        .filter(Case::isViolation)
        .map(violation -> dynamicTest(violation.toString(), () -> assertRefused(violation)));
  }

  @TestFactory
  Stream<DynamicTest> acceptsWhatKeepsEveryConstraint() {
    return cases()
        .filter(each -> !each.isViolation())
        .map(
            each ->
                dynamicTest(
                    each.toString(),
                    () ->
                        assertThatCode(() -> each.request().validate())
                            .doesNotThrowAnyException()));
  }

  @TestFactory
  Stream<DynamicTest> hasTheEnumsOfTheApi() {
    return COMPLETE.entrySet().stream()
        .flatMap(entry -> members(entry.getKey(), "", entry.getValue(), API.input(entry.getKey())))
        .filter(member -> member.shape().type().equals("enum"))
        .map(
            member ->
                dynamicTest(
                    member.operation() + ": " + member.path(),
                    () ->
                        assertThat(member.value().getClass().getEnumConstants())
                            .extracting(Object::toString)
                            .containsExactlyInAnyOrderElementsOf(member.shape().enumValues())));
  }

  @Test
  void coversEveryKindOfConstraint() {
    assertThat(cases().filter(Case::isViolation).count()).isGreaterThan(100);
    assertThat(cases().map(each -> each.operation() + ": " + each.path()))
        .contains(
            "PutRecords: records",
            "PutRecords: records.1.member",
            "PutRecords: records.3.member.data",
            "PutRecords: records.3.member.partitionKey",
            "PutRecords: records.3.member.explicitHashKey",
            "ListShards: shardFilter.type",
            "ListShards: shardFilter.shardId",
            "CreateStream: streamModeDetails.streamMode",
            "UpdateAccountSettings: minimumThroughputBillingCommitment.status",
            "SubscribeToShard: startingPosition.sequenceNumber",
            "TagResource: tags",
            "UntagResource: tagKeys",
            "UntagResource: tagKeys.1.member",
            "GetRecords: limit");
  }

  private static void assertRefused(Case violation) {
    if (INVALID_ARGUMENTS.contains(violation.toString())) {
      assertThatCode(() -> violation.request().validate()).doesNotThrowAnyException();
      assertThatThrownBy(() -> violation.request().checkArguments())
          .isInstanceOf(InvalidArgumentException.class);
    } else {
      assertThatThrownBy(() -> violation.request().validate())
          .isInstanceOf(ValidationException.class)
          .hasMessageMatching("(1 validation error|\\d+ validation errors) detected: (?s:.*)")
          .hasMessageContaining(
              " at '%s' failed to satisfy constraint: %s"
                  .formatted(violation.path(), violation.rule()));
    }
  }

  // From the description to the cases.

  /** A request with one member exchanged; {@code rule} is null when it is still valid. */
  private record Case(String operation, String path, String what, String rule, Request request) {

    boolean isViolation() {
      return rule != null;
    }

    @Override
    public String toString() {
      return operation + ": " + path + " " + what;
    }
  }

  /** A member at any depth of a request. */
  private record Place(
      String operation, String path, Object value, Shape shape, boolean isRequired) {

    Stream<Case> cases() {
      Stream<Case> presence =
          isRequired || REQUIRED_ALL_THE_SAME.contains(operation + ": " + path)
              ? Stream.of(refused("null", null, "Member must not be null"))
              : Stream.of(accepted("null", null));
      return Stream.concat(presence, values());
    }

    private Stream<Case> values() {
      return switch (shape.type()) {
        case "string" -> texts();
        case "integer" -> numbers();
        case "blob" -> sized(size -> Payload.wrap(new byte[size]));
        case "list" -> {
          Object element = ((List<?>) value).get(0);
          yield sized(size -> Collections.nCopies(size, element));
        }
        case "map" -> sized(Place::tags);
        case "boolean", "enum", "structure", "timestamp" -> Stream.of();
        default -> throw new AssertionError("no cases for " + shape.type());
      };
    }

    private static Map<String, String> tags(int size) {
      return IntStream.range(0, size)
          .boxed()
          .collect(Collectors.toMap(number -> "key-" + number, number -> "value"));
    }

    private Stream<Case> texts() {
      List<Case> cases = new ArrayList<>();
      String pattern = shape.pattern();
      for (String text : Samples.notMatching(shape.name())) {
        cases.add(
            refused(
                "'" + text + "'",
                text,
                "Member must satisfy regular expression pattern: " + pattern));
      }
      for (String text : Samples.matching(shape.name())) {
        cases.add(accepted("'" + text + "'", text));
      }
      assertThat(pattern == null).isEqualTo(Samples.notMatching(shape.name()).isEmpty());
      shape
          .min()
          .ifPresent(
              min ->
                  cases.add(
                      refused(
                          "of " + (min - 1),
                          "a".repeat((int) min - 1),
                          "Member must have length greater than or equal to " + min)));
      shape
          .max()
          .ifPresent(
              max -> {
                if (!Samples.SHORTER_BY_FORM.contains(shape.name())) {
                  cases.add(accepted("of " + max, Samples.ofLength(shape.name(), (int) max)));
                }
                cases.add(
                    refused(
                        "of " + (max + 1),
                        Samples.ofLength(shape.name(), (int) max + 1),
                        "Member must have length less than or equal to " + max));
              });
      return cases.stream();
    }

    private Stream<Case> numbers() {
      List<Case> cases = new ArrayList<>();
      shape
          .min()
          .ifPresent(
              min -> {
                cases.add(accepted(min + "", (int) min));
                cases.add(
                    refused(
                        (min - 1) + "",
                        (int) min - 1,
                        "Member must have value greater than or equal to " + min));
              });
      shape
          .max()
          .ifPresent(
              max -> {
                cases.add(accepted(max + "", (int) max));
                cases.add(
                    refused(
                        (max + 1) + "",
                        (int) max + 1,
                        "Member must have value less than or equal to " + max));
              });
      return cases.stream();
    }

    private Stream<Case> sized(IntFunction<Object> ofSize) {
      List<Case> cases = new ArrayList<>();
      long min = shape.min().orElse(0);
      cases.add(accepted("of " + min, ofSize.apply((int) min)));
      if (min > 0) {
        cases.add(
            refused(
                "of " + (min - 1),
                ofSize.apply((int) min - 1),
                "Member must have length greater than or equal to " + min));
      }
      long max = shape.max().orElseThrow();
      cases.add(accepted("of " + max, ofSize.apply((int) max)));
      cases.add(
          refused(
              "of " + (max + 1),
              ofSize.apply((int) max + 1),
              "Member must have length less than or equal to " + max));
      return cases.stream();
    }

    private Case accepted(String what, Object value) {
      return new Case(operation, path, what, null, exchanged(value));
    }

    private Case refused(String what, Object value, String rule) {
      return new Case(operation, path, what, rule, exchanged(value));
    }

    private Request exchanged(Object value) {
      return Rebuilt.with(COMPLETE.get(operation), path, value);
    }
  }

  private static Stream<Case> cases() {
    return COMPLETE.entrySet().stream()
        .flatMap(entry -> members(entry.getKey(), "", entry.getValue(), API.input(entry.getKey())))
        .flatMap(Place::cases);
  }

  private static Stream<Place> members(String operation, String prefix, Object owner, Shape shape) {
    Set<String> leftOut = prefix.isEmpty() ? LEFT_OUT.get(operation) : Set.of();
    return shape.members().stream()
        .filter(member -> !leftOut.contains(member.name()))
        .flatMap(
            member ->
                places(
                    new Place(
                        operation,
                        prefix + member.path(),
                        Rebuilt.memberOf(owner, member.path()),
                        member.shape(),
                        member.isRequired())));
  }

  /** The place itself and all below it. */
  private static Stream<Place> places(Place place) {
    Stream<Place> below = Stream.of();
    if (place.shape().type().equals("structure")) {
      below = members(place.operation(), place.path() + ".", place.value(), place.shape());
    } else if (place.value() instanceof List<?> list) {
      below =
          Stream.of(1, list.size())
              .flatMap(
                  i ->
                      places(
                          new Place(
                              place.operation(),
                              place.path() + "." + i + ".member",
                              list.get(i - 1),
                              place.shape().element(),
                              true)));
    }
    return Stream.concat(Stream.of(place), below);
  }

  private static CreateChannelRequest channel() {
    DeadLetterQueueS3Configuration dead =
        new DeadLetterQueueS3Configuration("arn:aws:s3:::dregs", "000000000000", "errors/");
    return new CreateChannelRequest(
        "pipe",
        "arn:aws:iam::000000000000:role/miller",
        List.of(
            new ChannelStreamConfiguration(
                ARN + "orders",
                new RecordConfiguration(
                    RecordFormatType.JSON,
                    "arn:aws:glue:us-east-1:000000000000:schema/mill/orders"))),
        new S3DestinationConfiguration(
            300,
            dead,
            new S3StorageConfiguration(
                "arn:aws:s3:::flour",
                "000000000000",
                "!{extension}",
                S3StorageClass.STANDARD,
                S3CompressionType.GZIP)),
        new S3TablesDestinationConfiguration(
            300,
            dead,
            List.of(
                new S3TablesConfiguration(
                    "arn:aws:s3tables:us-east-1:000000000000:bucket/flour",
                    "mill",
                    "orders",
                    S3TablesCompressionType.NONE,
                    new PartitionSpec(
                        List.of(new PartitionField(PartitionTransform.TIME_HOUR, "at")))))),
        new ChannelEncryptionConfiguration(ChannelEncryptionType.KMS, "key"),
        Map.of("team", "mill"),
        new ChannelLoggingConfiguration(new CloudWatchLogs(true, "group", "stream")));
  }

  private static PutRecordsRequestEntry entry(String key) {
    return PutRecordsRequestEntry.of(key, Payload.utf8("hello")).withExplicitHashKey("0");
  }

  private static List<Class<?>> allRequests(Class<?> type) {
    if (!type.isSealed()) {
      return List.of(type);
    }
    List<Class<?>> found = new ArrayList<>();
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      found.addAll(allRequests(permitted));
    }
    return found;
  }

  private interface Check {
    void of(String operation, Request request);
  }

  private static Stream<DynamicTest> operations(Check check) {
    return COMPLETE.entrySet().stream()
        .map(
            entry -> dynamicTest(entry.getKey(), () -> check.of(entry.getKey(), entry.getValue())));
  }

  /** Texts by the name of their type. */
  private static final class Samples {

    /** No text of these forms is as long as the greatest length allows, or it has one length. */
    static final Set<String> SHORTER_BY_FORM =
        Set.of("BucketARN", "TableBucketARN", "ExpectedBucketOwner");

    static List<String> notMatching(String shape) {
      return switch (shape) {
        case "StreamName", "ConsumerName", "ShardId", "ChannelName" ->
            List.of("", "a b", "a/b", "ä", "a\n");
        case "ChannelARN" -> List.of("pipe", ARN + "orders", CHANNEL_ARN + " ");
        case "RoleARN" -> List.of("miller", "arn:aws:iam::0:role/miller", ROLE_ARN + ":");
        case "GSRSchemaARN" -> List.of("orders", SCHEMA_ARN + "/more", SCHEMA_ARN + " ");
        case "BucketARN" -> List.of("flour", BUCKET_ARN + "A", BUCKET_ARN + "a".repeat(64));
        case "TableBucketARN" -> List.of(BUCKET_ARN, TABLE_BUCKET_ARN + ".");
        case "ExpectedBucketOwner" -> List.of("00000000000a");
        case "S3OutputKeyTemplate" -> List.of("a b", "ä", "$");
        case "S3ErrorOutputPrefix" -> List.of("a b", "!{mm}", "a=");
        case "S3TablesNamespace", "S3TablesTableName" -> List.of("A", "a-b");
        case "PartitionSourceName" -> List.of("a-b", "a b");
        case "CloudWatchLogGroupName" -> List.of("a b", "a:b");
        case "CloudWatchLogStreamName" -> List.of("a:b", "*");
        case "ConsumerARN" ->
            List.of(
                "audit",
                ARN + "orders",
                CONSUMER_ARN + "audit",
                CONSUMER_ARN + "audit:",
                CONSUMER_ARN + "audit:x",
                CONSUMER_ARN + "a b:1",
                ARN + "a b/consumer/audit:1",
                "arn:aws:kinesis:us-east-1:00000000000:stream/orders/consumer/audit:1",
                "arn:other:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:1");
        case "StreamARN" ->
            List.of(
                "orders",
                "arn:aws:kinesis:us-east-1:00000000000:stream/orders",
                "arn:aws:kinesis:us-east-1:000000000000:stream/",
                "arn:aws:kinesis:us-east-1:000000000000:stream/a b",
                "arn:aws:kinesis:us-east-1:000000000000:table/orders",
                "arn:other:kinesis:us-east-1:000000000000:stream/orders");
        case "ResourceARN" ->
            List.of(
                "orders",
                "arn:aws:kinesis:us-east-1:00000000000:stream/orders",
                "arn:aws:kinesis:us-east-1:000000000000:stream/",
                "arn:aws:kinesis:us-east-1:000000000000:table/orders",
                "arn:other:kinesis:us-east-1:000000000000:stream/orders");
        case "HashKey" ->
            List.of("", "00", "01", "-1", "+1", " 1", "1.0", "a", "٣", "1".repeat(40));
        case "SequenceNumber" ->
            List.of("", "00", "01", "-1", "+1", " 1", "1.0", "a", "٣", "1".repeat(130));
        case "PartitionKey", "ShardIterator", "NextToken", "TagKey", "Policy", "KeyId" -> List.of();
        default -> throw new AssertionError("no samples of " + shape);
      };
    }

    static List<String> matching(String shape) {
      return switch (shape) {
        case "StreamName", "ConsumerName", "ShardId", "ChannelName" ->
            List.of("a", "-._", "AZaz09");
        case "ChannelARN" -> List.of(CHANNEL_ARN, "arn:aws-cn:kinesis::000000000000:channel/a");
        case "RoleARN" -> List.of(ROLE_ARN, ROLE_ARN + "/a+=,.@-_");
        case "GSRSchemaARN" -> List.of(SCHEMA_ARN, SCHEMA_ARN + "-_$#.");
        case "BucketARN" -> List.of(BUCKET_ARN + "abc", BUCKET_ARN + "a".repeat(63));
        case "TableBucketARN" -> List.of(TABLE_BUCKET_ARN + "a-b");
        case "ExpectedBucketOwner" -> List.of("123456789012");
        case "S3OutputKeyTemplate" -> List.of("!{channel-name}/a=b:c'*()._-");
        case "S3ErrorOutputPrefix" -> List.of("errors/", "!-_'.*()");
        case "S3TablesNamespace", "S3TablesTableName" -> List.of("a", "0_z");
        case "PartitionSourceName" -> List.of("a", "Aa.0_");
        case "CloudWatchLogGroupName" -> List.of("/aws/kinesis/a#b", "._-");
        case "CloudWatchLogStreamName" -> List.of("a b", "ä/");
        case "ConsumerARN" ->
            List.of(
                CONSUMER_ARN + "audit:1",
                CONSUMER_ARN + "-._AZaz09:007",
                "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/a/consumer/b:1700000000");
        case "StreamARN" ->
            List.of(
                "arn:aws:kinesis:us-east-1:000000000000:stream/a",
                "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/orders",
                "arn:aws:kinesis::000000000000:stream/a/consumer/b:1");
        case "ResourceARN" ->
            List.of(
                ARN + "orders",
                CONSUMER_ARN + "audit:1",
                "arn:aws:kinesis:us-east-1:000000000000:channel/pipe");
        case "HashKey" -> List.of("0", "9", "10", "9".repeat(39));
        case "SequenceNumber" -> List.of("0", "9", "10", "9".repeat(129));
        case "PartitionKey" -> List.of("a", "\n", "é", "😀".repeat(256));
        case "ShardIterator", "NextToken", "TagKey", "KeyId" -> List.of("a");
        case "Policy" -> List.of("", "a");
        default -> throw new AssertionError("no samples of " + shape);
      };
    }

    static String ofLength(String shape, int length) {
      String start =
          switch (shape) {
            case "StreamARN", "ResourceARN" -> ARN;
            case "ConsumerARN" -> CONSUMER_ARN;
            case "ChannelARN" -> CHANNEL_ARN;
            case "RoleARN" -> ROLE_ARN;
            case "GSRSchemaARN" -> SCHEMA_ARN;
            default -> "";
          };
      String end = shape.equals("ConsumerARN") ? ":1" : "";
      return start + "a".repeat(length - start.length() - end.length()) + end;
    }
  }
}
