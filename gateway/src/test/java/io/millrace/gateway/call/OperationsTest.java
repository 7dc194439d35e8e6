package io.millrace.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.ChannelClient;
import io.millrace.engine.StreamClient;
import io.millrace.gateway.model.ServiceModel;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OperationsTest {

  private static final ServiceModel MODEL = ServiceModel.load();

  private final Operations operations =
      Operations.of(
          MODEL,
          uncalled(StreamClient.class),
          uncalled(ChannelClient.class),
          request -> {
            throw new AssertionError("called with " + request);
          });

  private static <T> T uncalled(Class<T> client) {
    return client.cast(
        Proxy.newProxyInstance(
            client.getClassLoader(),
            new Class<?>[] {client},
            (proxy, method, arguments) -> {
              throw new AssertionError("called " + method);
            }));
  }

  @Test
  void hasWhatTheEngineHas() {
    Set<String> engine =
        Stream.of(StreamClient.class, ChannelClient.class)
            .flatMap(client -> Arrays.stream(client.getMethods()))
            .map(Method::getName)
            .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
            .collect(Collectors.toCollection(HashSet::new));
    engine.add("SubscribeToShard");
    assertThat(operations.names()).isEqualTo(engine);
  }

  @Test
  void hasTheWholeApi() {
    assertThat(operations.names()).isEqualTo(MODEL.operations()).hasSize(45);
  }

  @Test
  void refusesWhatItDoesNotHaveByName() {
    Operations none = new Operations(MODEL);
    for (String name : MODEL.operations()) {
      assertThatThrownBy(() -> none.require("Kinesis_20131202." + name))
          .isInstanceOf(CallRefusedException.class)
          .hasMessage(name + " is an operation of Kinesis that this server does not have.");
    }
  }
}
