package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.Consumer;
import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.ListStreamConsumersRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.model.ConsumerStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** The registered consumers of one life of a stream, as they must be in a {@link History}. */
final class ConsumerHistory {

  private final StreamClientContract test;
  private final String streamArn;
  private final TreeMap<String, String> arns = new TreeMap<>();
  private final Set<String> everArns = new HashSet<>();

  ConsumerHistory(StreamClientContract test, String stream) {
    this.test = test;
    this.streamArn = StreamClientContract.arn(stream);
  }

  /** Registers the consumer of this name, or deregisters it when it is registered. */
  void toggle(String name) {
    RegisterStreamConsumerRequest registration = new RegisterStreamConsumerRequest(streamArn, name);
    if (arns.containsKey(name)) {
      StreamClientContract.failure(
          ResourceInUseException.class, test.client().registerStreamConsumer(registration));
      StreamClientContract.get(
          test.client()
              .deregisterStreamConsumer(DeregisterStreamConsumerRequest.of(arns.remove(name))));
    } else {
      String arn =
          StreamClientContract.get(test.client().registerStreamConsumer(registration))
              .consumer()
              .consumerARN();
      assertThat(everArns.add(arn)).as("%s is new", arn).isTrue();
      arns.put(name, arn);
    }
    test.eventually(this::verify);
  }

  /** Holds what is listed against what was registered. */
  void verify() {
    List<Consumer> listed =
        StreamClientContract.get(
                test.client().listStreamConsumers(ListStreamConsumersRequest.of(streamArn)))
            .consumers();
    assertThat(listed).extracting(Consumer::consumerARN).containsExactlyElementsOf(arns.values());
    assertThat(listed).extracting(Consumer::consumerStatus).allMatch(ConsumerStatus.ACTIVE::equals);
  }
}
