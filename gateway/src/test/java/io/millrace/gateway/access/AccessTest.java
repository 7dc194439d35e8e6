package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.gateway.SdkClients;
import io.millrace.gateway.TestServer;
import io.millrace.testkit.Awaits;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.AccessDeniedException;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** Who may do what at a gateway that knows its callers, seen by the official client. */
@Tag("database")
class AccessTest {

  private static final String HOME = "000000000000";
  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/";

  private static TestServer server;
  private static SdkHttpClient transport;
  private static KinesisClient owner;

  private final String stream = "s-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    server =
        TestServer.start(
            """
            millrace.gateway {
              auth = strict
              access-keys = [
                { id = OWNER, secret = s }
                { id = PRODUCER, secret = s, user = miller, policies = [
                  { Version = "2012-10-17", Statement = {
                      Effect = Allow, Action = ["kinesis:PutRecord*", "kinesis:ListShards"],
                      Resource = "arn:aws:kinesis:*:000000000000:stream/s-*" } }
                ] }
                { id = TEAM, secret = s, user = baker, policies = [
                  "{\\"Version\\": \\"2012-10-17\\", \\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"kinesis:*\\", \\"Resource\\": \\"*\\", \\"Condition\\": {\\"StringEquals\\": {\\"aws:ResourceTag/team\\": \\"bakery\\"}}}]}"
                ] }
                { id = CREATOR, secret = s, user = creator, policies = [
                  { Version = "2012-10-17", Statement = [
                    { Effect = Allow, Action = ["kinesis:CreateStream", "kinesis:RegisterStreamConsumer"], Resource = "*" } ] }
                ] }
                { id = ELSEWHERE, secret = s, user = remote, policies = [
                  { Version = "2012-10-17", Statement = [
                    { Effect = Allow, Action = "kinesis:*", Resource = "*" }
                    { Effect = Deny, Action = "kinesis:*", Resource = "*",
                      Condition = { NotIpAddress = { "aws:SourceIp" = "10.0.0.0/8" } } } ] }
                ] }
                { id = GUEST, secret = s, account = "123456789012", user = guest }
                { id = LIMITED, secret = s, account = "123456789012", user = limited, policies = [
                  { Version = "2012-10-17", Statement = {
                      Effect = Allow, Action = "kinesis:Get*", Resource = "*" } }
                ] }
              ]
            }
            """);
    transport = ApacheHttpClient.create();
    owner = as("OWNER");
  }

  @AfterAll
  static void stop() {
    transport.close();
    server.close();
  }

  private static KinesisClient as(String key) {
    return SdkClients.sync(server.endpoint(), transport, SdkClients.credentials(key, "s"));
  }

  @BeforeEach
  void create() {
    owner.createStream(r -> r.streamName(stream).shardCount(1));
    Awaits.await(
        "an active stream",
        () ->
            owner
                    .describeStreamSummary(r -> r.streamName(stream))
                    .streamDescriptionSummary()
                    .streamStatus()
                == StreamStatus.ACTIVE);
  }

  private static void put(KinesisClient client, String name) {
    client.putRecord(
        r -> r.streamName(name).partitionKey("k").data(SdkBytes.fromUtf8String("data")));
  }

  private static void putTo(KinesisClient client, String arn) {
    client.putRecord(r -> r.streamARN(arn).partitionKey("k").data(SdkBytes.fromUtf8String("data")));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(AccessDeniedException.class);
  }

  private void share(String resource, String statement) {
    owner.putResourcePolicy(
        r ->
            r.resourceARN(resource)
                .policy("{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}"));
  }

  private static String allow(String who, String action, String resource) {
    return """
    {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s", "Resource": "%s"}
    """
        .formatted(who, action, resource);
  }

  // one account

  @Test
  void aKeyWithoutPoliciesMayDoEverythingInItsAccount() {
    put(owner, stream);
    assertThat(owner.listStreams().streamNames()).contains(stream);
    owner.deleteStream(r -> r.streamName(stream));
  }

  @Test
  void aKeyMayDoWhatItsPoliciesAllow() {
    KinesisClient producer = as("PRODUCER");

    put(producer, stream);
    putTo(producer, ARN + stream);
    assertThat(producer.listShards(r -> r.streamName(stream)).shards()).hasSize(1);
    refused(() -> producer.describeStream(r -> r.streamName(stream)))
        .hasMessageContaining(
            "User: arn:aws:iam::000000000000:user/miller is not authorized to perform:"
                + " kinesis:DescribeStream on resource: "
                + ARN
                + stream);
    refused(() -> producer.deleteStream(r -> r.streamName(stream)));
    refused(producer::listStreams).hasMessageContaining("kinesis:ListStreams on resource: *");
    refused(() -> producer.putResourcePolicy(r -> r.resourceARN(ARN + stream).policy("{}")));
  }

  @Test
  void whatDoesNotExistIsNotFoundInOnesOwnAccount() {
    assertThatThrownBy(() -> put(as("PRODUCER"), "elsewhere"))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> put(as("PRODUCER"), "s-nowhere"))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void readsAreOfTheStreamThatTheirIteratorIsOf() {
    String iterator =
        owner
            .getShardIterator(
                r ->
                    r.streamName(stream)
                        .shardId("shardId-000000000000")
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();

    refused(() -> as("PRODUCER").getRecords(r -> r.shardIterator(iterator)))
        .hasMessageContaining("kinesis:GetRecords on resource: " + ARN + stream);
  }

  @Test
  void tagsOfTheResourceDecide() {
    KinesisClient baker = as("TEAM");
    refused(() -> put(baker, stream));

    owner.addTagsToStream(r -> r.streamName(stream).tags(Map.of("team", "bakery")));
    put(baker, stream);

    owner.removeTagsFromStream(r -> r.streamName(stream).tagKeys("team"));
    refused(() -> put(baker, stream));
  }

  @Test
  void tagsThatComeWithACreationNeedAnActionOfTheirOwn() {
    KinesisClient creator = as("CREATOR");
    String plain = "s-" + UUID.randomUUID();
    creator.createStream(r -> r.streamName(plain).shardCount(1));

    refused(
            () ->
                creator.createStream(
                    r ->
                        r.streamName("s-" + UUID.randomUUID())
                            .shardCount(1)
                            .tags(Map.of("a", "b"))))
        .hasMessageContaining("kinesis:AddTagsToStream");
    creator.registerStreamConsumer(r -> r.streamARN(ARN + stream).consumerName("plain"));
    refused(
            () ->
                creator.registerStreamConsumer(
                    r -> r.streamARN(ARN + stream).consumerName("tagged").tags(Map.of("a", "b"))))
        .hasMessageContaining("kinesis:TagResource");
  }

  @Test
  void theAddressOfTheCallerDecides() {
    refused(() -> put(as("ELSEWHERE"), stream)).hasMessageContaining("explicit deny");
  }

  @Test
  void aResourceMayAllowWhatAnIdentityDoesNot() {
    share(
        ARN + stream,
        allow("arn:aws:iam::000000000000:user/miller", "kinesis:Describe*", ARN + stream));

    assertThatCode(() -> as("PRODUCER").describeStream(r -> r.streamName(stream)))
        .doesNotThrowAnyException();
    refused(() -> as("PRODUCER").deleteStream(r -> r.streamName(stream)));
  }

  @Test
  void aResourceMayForbidWhatAnIdentityAllows() {
    share(
        ARN + stream,
        """
        {"Effect": "Deny", "Principal": "*", "Action": "kinesis:PutRecord", "Resource": "%s"}
        """
            .formatted(ARN + stream));

    refused(() -> put(owner, stream)).hasMessageContaining("explicit deny");
    owner.deleteResourcePolicy(r -> r.resourceARN(ARN + stream));
    put(owner, stream);
  }

  @Test
  void whatNamesNothingIsInvalidRatherThanDenied() {
    KinesisClient producer = as("PRODUCER");
    assertThatThrownBy(() -> producer.getRecords(r -> r.shardIterator("none")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> producer.listShards(r -> r.nextToken("none")))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> put(producer, null)).isInstanceOf(InvalidArgumentException.class);
  }

  // another account

  @Test
  void anotherAccountNeedsAPolicyOfTheResource() {
    KinesisClient guest = as("GUEST");
    refused(() -> putTo(guest, ARN + stream))
        .hasMessageContaining(
            "User: arn:aws:iam::123456789012:user/guest is not authorized to perform:"
                + " kinesis:PutRecord on resource: "
                + ARN
                + stream);

    share(ARN + stream, allow("123456789012", "kinesis:PutRecord", ARN + stream));

    putTo(guest, ARN + stream);
    refused(() -> guest.describeStream(r -> r.streamARN(ARN + stream)));
    refused(() -> putTo(as("LIMITED"), ARN + stream));
  }

  @Test
  void anotherAccountIsNotToldWhatExists() {
    KinesisClient guest = as("GUEST");
    refused(() -> putTo(guest, ARN + stream));
    refused(() -> putTo(guest, ARN + "nowhere"));
  }

  @Test
  void namesAreOfOnesOwnAccountWhichHasNoStreamsHere() {
    KinesisClient guest = as("GUEST");
    share(ARN + stream, allow("123456789012", "kinesis:*", ARN + stream));

    assertThatThrownBy(() -> put(guest, stream))
        .isInstanceOf(ResourceNotFoundException.class)
        .hasMessageContaining("123456789012");
    refused(guest::listStreams).hasMessageContaining("123456789012");
    refused(() -> guest.createStream(r -> r.streamName("mine").shardCount(1)))
        .hasMessageContaining("123456789012");
  }

  @Test
  void whoeverIsOfThisAccountMayNotReachIntoOthers() {
    String foreign = (ARN + stream).replace(HOME, "123456789012");
    refused(() -> putTo(owner, foreign));
    refused(() -> owner.describeStream(r -> r.streamARN(foreign)));
  }

  @Test
  void aConsumerIsSharedByItsOwnPolicy() {
    String consumer =
        owner
            .registerStreamConsumer(r -> r.streamARN(ARN + stream).consumerName("audit"))
            .consumer()
            .consumerARN();
    Awaits.await(
        "an active consumer",
        () ->
            owner
                    .describeStreamConsumer(r -> r.consumerARN(consumer))
                    .consumerDescription()
                    .consumerStatus()
                == ConsumerStatus.ACTIVE);
    KinesisClient guest = as("GUEST");
    refused(() -> guest.describeStreamConsumer(r -> r.consumerARN(consumer)));

    share(consumer, allow("123456789012", "kinesis:DescribeStreamConsumer", consumer));

    assertThat(
            guest
                .describeStreamConsumer(r -> r.consumerARN(consumer))
                .consumerDescription()
                .consumerName())
        .isEqualTo("audit");
    refused(() -> guest.deregisterStreamConsumer(r -> r.consumerARN(consumer)));
  }
}
