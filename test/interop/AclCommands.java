import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Access rules (the cluster needs an authorizer) and SCRAM users. */
public class AclCommands {
  private static final int ITERATIONS = 4096;

  static void register(Map<String, Bridge.Command> commands) {
    commands.put("createAcls", AclCommands::createAcls);
    commands.put("listAcls", AclCommands::listAcls);
    commands.put("deleteAcls", AclCommands::deleteAcls);
    commands.put("createUser", AclCommands::createUser);
  }

  private static JsonNode createAcls(Request request) throws Exception {
    request.admin().createAcls(bindings(request)).all().get();
    return null;
  }

  private static JsonNode deleteAcls(Request request) throws Exception {
    request.admin().deleteAcls(bindings(request).stream().map(AclBinding::toFilter).toList()).all().get();
    return null;
  }

  private static JsonNode listAcls(Request request) throws Exception {
    ArrayNode result = Bridge.JSON.createArrayNode();
    for (AclBinding binding : request.admin().describeAcls(AclBindingFilter.ANY).values().get()) {
      ResourcePattern pattern = binding.pattern();
      AccessControlEntry entry = binding.entry();
      result.addObject().put("resourceType", pattern.resourceType().name()).put("name", pattern.name())
          .put("patternType", pattern.patternType().name()).put("principal", entry.principal()).put("host", entry.host())
          .put("operation", entry.operation().name()).put("permission", entry.permissionType().name());
    }
    return result;
  }

  private static JsonNode createUser(Request request) throws Exception {
    ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.fromMechanismName(request.text("mechanism", "SCRAM-SHA-512")), ITERATIONS);
    var change = new UserScramCredentialUpsertion(request.text("username"), info, request.text("password"));
    request.admin().alterUserScramCredentials(List.of(change)).all().get();
    return null;
  }

  private static List<AclBinding> bindings(Request request) {
    List<AclBinding> bindings = new ArrayList<>();
    for (JsonNode acl : request.body.get("acls")) {
      ResourceType type = ResourceType.fromString(acl.path("resourceType").asText("TOPIC"));
      PatternType patternType = PatternType.fromString(acl.path("patternType").asText("LITERAL"));
      ResourcePattern pattern = new ResourcePattern(type, acl.get("name").asText(), patternType);
      AclOperation operation = AclOperation.fromString(acl.get("operation").asText());
      AclPermissionType permission = AclPermissionType.fromString(acl.path("permission").asText("ALLOW"));
      bindings.add(new AclBinding(pattern, new AccessControlEntry(acl.get("principal").asText(), acl.path("host").asText("*"), operation, permission)));
    }
    return bindings;
  }
}
