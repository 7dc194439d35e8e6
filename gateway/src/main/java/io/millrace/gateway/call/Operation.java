package io.millrace.gateway.call;

import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.Request;
import io.millrace.gateway.model.ServiceModel.OperationModel;
import io.millrace.gateway.model.Shape;
import io.millrace.gateway.wire.BodyWriter;
import io.millrace.gateway.wire.Encoding;
import io.millrace.gateway.wire.RecordBinder;
import io.millrace.gateway.wire.RequestCheck;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;

/**
 * One operation: members to request record, request to the engine, what comes back to a reply.
 *
 * @param <R> the request record
 */
final class Operation<R extends Request> {

  /**
   * Members that no request record has and that may be given all the same, since leaving them out
   * changes nothing: the API reserves StreamId.
   */
  private static final Set<String> WITHOUT_EFFECT = Set.of("StreamId");

  private static final byte[] NO_BODY = {};

  private final OperationModel model;
  private final RecordBinder<R> binder;
  private final Function<R, ? extends CompletionStage<?>> call;

  Operation(
      OperationModel model, Class<R> request, Function<R, ? extends CompletionStage<?>> call) {
    this.model = model;
    this.binder = new RecordBinder<>(request, model.input());
    this.call = call;
  }

  Shape input() {
    return model.input();
  }

  String name() {
    return model.name();
  }

  /** The request of these members. Throws what is wrong with them. */
  R request(Map<String, Object> members) {
    RequestCheck.check(model.input(), members);
    for (String member : binder.leftOut()) {
      if (isMeant(members.get(member)) && !WITHOUT_EFFECT.contains(member)) {
        throw new InvalidArgumentException(
            "%s is a member of %s that this server does not support."
                .formatted(member, model.name()));
      }
    }
    return binder.bind(members);
  }

  /** Makes the call. */
  CompletionStage<?> call(R request) {
    return call.apply(request);
  }

  /** The reply that a response is: an event stream if it pushes, otherwise a body. */
  Reply reply(Encoding encoding, Map<String, String> headers, Object response) {
    if (response instanceof Publisher<?> events) {
      Shape union = model.output().orElseThrow().members().values().iterator().next().shape();
      return new Reply.Pushed(
          RequestDesk.with(headers, "Content-Type", EventMessages.CONTENT_TYPE),
          events,
          new EventMessages(union));
    }
    byte[] body =
        model
            .output()
            .map(output -> BodyWriter.response(encoding, output, response))
            .orElse(NO_BODY);
    return new Reply.Whole(
        200, RequestDesk.with(headers, "Content-Type", encoding.contentType()), body);
  }

  /** The members of a response in JSON, if it has any. */
  Optional<Supplier<byte[]>> members(Object response) {
    return response instanceof Publisher<?>
        ? Optional.empty()
        : model.output().map(output -> () -> BodyWriter.response(Encoding.JSON, output, response));
  }

  /** Whether a member asks for anything that its absence would not. */
  private static boolean isMeant(Object value) {
    return value != null
        && !value.equals(false)
        && !(value instanceof Collection<?> list && list.isEmpty())
        && !(value instanceof Map<?, ?> map && map.isEmpty());
  }
}
