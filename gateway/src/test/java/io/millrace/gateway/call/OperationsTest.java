package io.millrace.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.StreamClient;
import io.millrace.gateway.model.ServiceModel;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OperationsTest {

  private static final ServiceModel MODEL = ServiceModel.load();

  private static final Set<String> MAY_BE_ABSENT =
      Set.of(
          "AddTagsToStream",
          "RemoveTagsFromStream",
          "ListTagsForStream",
          "TagResource",
          "UntagResource",
          "ListTagsForResource",
          "PutResourcePolicy",
          "GetResourcePolicy",
          "DeleteResourcePolicy",
          "StartStreamEncryption",
          "StopStreamEncryption",
          "EnableEnhancedMonitoring",
          "DisableEnhancedMonitoring",
          "UpdateStreamRecordDistributionStrategy",
          "CreateChannel",
          "DescribeChannel",
          "UpdateChannel",
          "DeleteChannel",
          "ListChannels");

  private final Operations operations =
      Operations.of(
          MODEL,
          (StreamClient)
              Proxy.newProxyInstance(
                  StreamClient.class.getClassLoader(),
                  new Class<?>[] {StreamClient.class},
                  (proxy, method, arguments) -> {
                    throw new AssertionError("called " + method);
                  }),
          request -> {
            throw new AssertionError("called with " + request);
          });

  @Test
  void hasWhatTheEngineHas() {
    Set<String> engine =
        Arrays.stream(StreamClient.class.getMethods())
            .map(Method::getName)
            .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
            .collect(Collectors.toCollection(HashSet::new));
    engine.add("SubscribeToShard");
    assertThat(operations.names()).isEqualTo(engine);
    assertThat(MODEL.operations()).containsAll(engine);
  }

  @Test
  void hasTheWholeApiButTheseAtMost() {
    Set<String> absent = new HashSet<>(MODEL.operations());
    absent.removeAll(operations.names());
    assertThat(MAY_BE_ABSENT).containsAll(absent);
  }

  @Test
  void refusesTheRestOfTheApiByName() {
    for (String name : MODEL.operations()) {
      if (!operations.names().contains(name)) {
        assertThatThrownBy(() -> operations.require("Kinesis_20131202." + name))
            .isInstanceOf(CallRefusedException.class)
            .hasMessage(name + " is an operation of Kinesis that this server does not have.");
      }
    }
  }
}
