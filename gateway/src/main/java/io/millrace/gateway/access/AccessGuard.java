package io.millrace.gateway.access;

import io.millrace.engine.access.AccessDecision;
import io.millrace.engine.access.AccessRequest;
import io.millrace.engine.access.AccessRules;
import io.millrace.engine.access.InvalidPolicyException;
import io.millrace.engine.access.PolicyDocument;
import io.millrace.engine.access.RequestedResource;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.Request;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.Account;
import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.CallRefusedException;
import io.millrace.gateway.call.Caller;
import io.millrace.gateway.call.Guard;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Lets a call pass when the policies of its caller and of the resource do. What exists in an
 * account is not told to callers of another one that may not know it. Safe for any thread.
 */
public final class AccessGuard implements Guard {

  private static final String SERVICE = "kinesis:";
  private static final String EVERYTHING = "*";

  private final BiFunction<Request, String, Optional<RequestedResource>> resources;
  private final Account home;
  private final InstantSource clock;
  private final ReadPolicies policies = new ReadPolicies();

  /**
   * A guard.
   *
   * @param resources tells what a request of a caller of this account is about
   * @param home the account whose streams there are
   */
  public AccessGuard(
      BiFunction<Request, String, Optional<RequestedResource>> resources,
      Account home,
      InstantSource clock) {
    this.resources = resources;
    this.home = home;
    this.clock = clock;
  }

  @Override
  public void check(Call call, Caller caller, String operation, Request request) {
    String callerAccount = caller.principal().accountId();
    Optional<RequestedResource> resource = resources.apply(request, callerAccount);
    String owner = resource.map(RequestedResource::accountId).orElse(callerAccount);
    boolean isSameAccount = owner.equals(callerAccount);
    Map<String, List<String>> context =
        RequestContext.of(call, caller, request, resource, owner, home.region(), clock.instant());
    for (String action : actions(operation, request)) {
      AccessRequest asked =
          new AccessRequest(
              caller.principal(),
              action,
              resource.map(RequestedResource::arn).orElse(EVERYTHING),
              context);
      AccessDecision decision = decide(asked, caller, resource, isSameAccount);
      if (!decision.isAllowed()) {
        if (isSameAccount && isMissing(resource) && !(request instanceof CreateStreamRequest)) {
          throw notFound(resource.get());
        }
        throw refused(asked, decision);
      }
    }
    if (!owner.equals(home.id())) {
      throw resource
          .filter(named -> !(request instanceof CreateStreamRequest))
          .<RuntimeException>map(AccessGuard::notFound)
          .orElseGet(
              () ->
                  new CallRefusedException(
                      "AccessDeniedException",
                      "Account %s has no streams here.".formatted(callerAccount)));
    }
  }

  /** Tags that come with a creation are an action of their own. */
  private static List<String> actions(String operation, Request request) {
    if (request instanceof CreateStreamRequest create && create.tags() != null) {
      return List.of(SERVICE + operation, SERVICE + "AddTagsToStream");
    }
    if (request instanceof RegisterStreamConsumerRequest register && register.tags() != null) {
      return List.of(SERVICE + operation, SERVICE + "TagResource");
    }
    if (request instanceof CreateChannelRequest create && create.tags() != null) {
      return List.of(SERVICE + operation, SERVICE + "TagResource");
    }
    return List.of(SERVICE + operation);
  }

  /** A policy that cannot be read, of a later release perhaps, forbids everything. */
  private AccessDecision decide(
      AccessRequest request,
      Caller caller,
      Optional<RequestedResource> resource,
      boolean isSameAccount) {
    Optional<PolicyDocument> attached;
    try {
      attached = resource.flatMap(one -> one.policy().map(text -> policies.of(text, one.arn())));
    } catch (InvalidPolicyException unreadable) {
      return AccessDecision.FORBIDDEN;
    }
    return AccessRules.decide(request, caller.policies(), attached, isSameAccount);
  }

  private static boolean isMissing(Optional<RequestedResource> resource) {
    return resource.isPresent() && !resource.get().isThere();
  }

  private static ResourceNotFoundException notFound(RequestedResource resource) {
    return new ResourceNotFoundException("Resource %s not found.".formatted(resource.arn()));
  }

  private static CallRefusedException refused(AccessRequest request, AccessDecision decision) {
    return new CallRefusedException(
        "AccessDeniedException",
        "User: %s is not authorized to perform: %s on resource: %s %s"
            .formatted(
                request.principal().arn(),
                request.action(),
                request.resource(),
                decision == AccessDecision.FORBIDDEN
                    ? "with an explicit deny in a policy"
                    : "because no policy allows the action"));
  }
}
