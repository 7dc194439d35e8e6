package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.access.AccessPrincipal;
import io.millrace.engine.access.PolicyDocument;
import io.millrace.engine.access.RequestedResource;
import io.millrace.engine.api.ChannelRequest;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.DeleteChannelRequest;
import io.millrace.engine.api.DescribeChannelRequest;
import io.millrace.engine.api.ListChannelsRequest;
import io.millrace.engine.api.Request;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.Account;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.CallRefusedException;
import io.millrace.gateway.call.Caller;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may do what with channels; the official client does not have them yet. */
class ChannelAccessTest {

  private static final Account HOME = Account.of("us-east-1", "000000000000");
  private static final String STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
  private static final String CHANNEL = "arn:aws:kinesis:us-east-1:000000000000:channel/pipe/1";
  private static final String OTHER = "arn:aws:kinesis:us-east-1:000000000000:channel/pipe/2";

  private final AccessGuard guard =
      new AccessGuard((request, account) -> resource(request), HOME, InstantSource.system());

  private static Optional<RequestedResource> resource(Request request) {
    if (request instanceof ChannelRequest channel) {
      return Optional.of(
          channel.channelARN().equals(CHANNEL)
              ? new RequestedResource(CHANNEL, true, Map.of("team", "mill"), Optional.empty())
              : RequestedResource.missing(channel.channelARN()));
    }
    return request instanceof CreateChannelRequest
        ? Optional.of(new RequestedResource(STREAM, true, Map.of(), Optional.empty()))
        : Optional.empty();
  }

  private void check(String statement, String operation, Request request) {
    Caller caller =
        new Caller(
            Optional.of("KEY"),
            new AccessPrincipal(HOME.id(), "arn:aws:iam::000000000000:user/miller"),
            List.of(
                PolicyDocument.ofIdentity(
                    "{\"Version\":\"2012-10-17\",\"Statement\":[%s]}".formatted(statement))));
    guard.check(
        new Call("POST", "/", name -> List.of(), ByteBuffer.allocate(0)),
        caller,
        operation,
        request);
  }

  private static String allow(String action, String resource) {
    return "{\"Effect\":\"Allow\",\"Action\":\"kinesis:%s\",\"Resource\":\"%s\"}"
        .formatted(action, resource);
  }

  private static CreateChannelRequest create(Map<String, String> tags) {
    return new CreateChannelRequest("pipe", null, null, null, null, null, tags, null);
  }

  @Test
  void channelsAreNamedByTheirArn() {
    String own = allow("*Channel", CHANNEL);
    assertThatCode(() -> check(own, "DescribeChannel", new DescribeChannelRequest(CHANNEL)))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(own, "DeleteChannel", new DeleteChannelRequest(CHANNEL)))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> check(allow("*", OTHER), "DeleteChannel", new DeleteChannelRequest(CHANNEL)))
        .isInstanceOf(CallRefusedException.class)
        .hasMessageContaining("kinesis:DeleteChannel on resource: " + CHANNEL);
    assertThatThrownBy(() -> check(own, "DeleteChannel", new DeleteChannelRequest(OTHER)))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  @Test
  void creationIsAboutTheStreamAndTagsAreAnActionOfTheirOwn() {
    String create = allow("CreateChannel", STREAM);
    assertThatCode(() -> check(create, "CreateChannel", create(null))).doesNotThrowAnyException();
    assertThatThrownBy(() -> check(create, "CreateChannel", create(Map.of("team", "mill"))))
        .isInstanceOf(CallRefusedException.class)
        .hasMessageContaining("kinesis:TagResource");
    assertThatCode(
            () ->
                check(
                    create + "," + allow("TagResource", STREAM),
                    "CreateChannel",
                    create(Map.of("team", "mill"))))
        .doesNotThrowAnyException();
  }

  @Test
  void tagsOfTheRequestAndOfTheChannelAreConditions() {
    String ofMill =
        "{\"Effect\":\"Allow\",\"Action\":\"kinesis:*\",\"Resource\":\"*\",\"Condition\":"
            + "{\"StringEquals\":{\"aws:%s/team\":\"mill\"}}}";
    assertThatCode(
            () ->
                check(
                    ofMill.formatted("RequestTag"),
                    "CreateChannel",
                    create(Map.of("team", "mill"))))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                check(
                    ofMill.formatted("ResourceTag"),
                    "DescribeChannel",
                    new DescribeChannelRequest(CHANNEL)))
        .doesNotThrowAnyException();
  }

  @Test
  void listingIsAboutTheAccount() {
    assertThatCode(
            () -> check(allow("ListChannels", "*"), "ListChannels", ListChannelsRequest.all()))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> check(allow("ListChannels", CHANNEL), "ListChannels", ListChannelsRequest.all()))
        .isInstanceOf(CallRefusedException.class);
  }
}
