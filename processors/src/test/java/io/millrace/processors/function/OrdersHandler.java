package io.millrace.processors.function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler as one writes it for AWS Lambda: it knows nothing of this project. */
public final class OrdersHandler implements RequestHandler<KinesisEvent, StreamsEventResponse> {

  /** What it has taken, in order. */
  public final List<String> orders = new CopyOnWriteArrayList<>();

  /** Orders that it refuses. */
  public volatile String bad = "bad";

  @Override
  public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
    List<StreamsEventResponse.BatchItemFailure> failures = new ArrayList<>();
    for (KinesisEvent.KinesisEventRecord record : event.getRecords()) {
      String order = new String(record.getKinesis().getData().array(), StandardCharsets.UTF_8);
      if (order.equals(bad)) {
        context.getLogger().log("refusing " + order);
        failures.add(
            StreamsEventResponse.BatchItemFailure.builder()
                .withItemIdentifier(record.getKinesis().getSequenceNumber())
                .build());
        break;
      }
      orders.add(order);
    }
    return new StreamsEventResponse(failures);
  }
}
