//! What kubectl shows is what the world is, in kubectl's formats.

use super::{Desk, scenario};
use wheel_of_misfortune::scenario::{AutoscaleSpec, CapacityFault, Fault, ScaleInSpec, ScaleMetric};
use wheel_of_misfortune::stdx::time::Span;

/// A column of a table by its heading.
fn column(table: &str, head: &str) -> Vec<String> {
    let mut lines = table.lines();
    let heads = lines.next().unwrap_or_default();
    let at = heads.find(head).unwrap_or_else(|| panic!("{head} in {table}"));
    let cell = |l: &str| l.get(at..).unwrap_or_default().split("   ").next().unwrap_or_default().trim().to_owned();
    lines.filter(|l| !l.is_empty()).map(cell).collect()
}

fn ready(d: &Desk) -> u64 {
    d.world_replicas().0
}

#[test]
fn pods_deployments_endpoints_and_the_metric_count_the_same_replicas() {
    let mut d = Desk::new(scenario(4));
    d.wait(30);
    for step in [
        "true",
        "kubectl scale deploy/api --replicas=6",
        "kubectl rollout restart deploy api",
        "kubectl delete pod -l app=api --wait=false",
    ] {
        d.run(step);
        for pause in [0, 7, 20, 40] {
            d.wait(pause);
            let before = ready(&d);
            let pods = d.run("kubectl get pods");
            let shown = column(&pods, "READY").iter().filter(|r| *r == "1/1").count() as u64;
            assert_eq!(shown, before, "{step}: {pods}");
            let deploy = d.run("kubectl get deploy api");
            assert_eq!(column(&deploy, "READY"), [format!("{}/{}", ready(&d), d.world_replicas().1)], "{deploy}");
            let json = d.run("kubectl get endpoints api -o json");
            let v: serde_json::Value = serde_json::from_str(&json).expect("JSON");
            let addresses = v.pointer("/subsets/0/addresses").and_then(|a| a.as_array()).map_or(0, Vec::len);
            assert_eq!(addresses as u64, ready(&d), "{json}");
        }
        d.wait(15);
        let metric = d.run("promql 'service_replicas_ready{service=\"api\"}'");
        assert!(
            metric.trim_end().ends_with(&ready(&d).to_string()) || metric.contains(&format!(" {}", ready(&d))),
            "{metric}"
        );
    }
}

#[test]
fn names_carry_the_hash_of_their_replica_set_and_go_with_it() {
    let mut d = Desk::new(scenario(4));
    let set = |d: &mut Desk| {
        d.run("kubectl get rs -o jsonpath='{.items[?(@.spec.replicas>0)].metadata.name}'").trim().to_owned()
    };
    let first = set(&mut d);
    assert!(d.run("kubectl get po -o name").lines().all(|l| l.starts_with(&format!("pod/{first}-"))), "{first}");
    d.run("kubectl set image deployment/api api=registry.internal/api:v2");
    assert!(d.run("kubectl rollout status deployment/api").ends_with("deployment \"api\" successfully rolled out\n"));
    let second = set(&mut d);
    assert_ne!(first, second);
    d.run("kubectl rollout undo deployment/api");
    d.run("kubectl rollout status deployment/api");
    assert_eq!(set(&mut d), first, "the same template has the same hash");
}

#[test]
fn history_deploy_log_and_git_tell_the_same_releases() {
    let mut d = Desk::new(scenario(4));
    d.run("kubectl set image deploy/api api=registry.internal/api:v2");
    d.run("kubectl rollout status deploy/api");
    d.wait(2);
    let history = d.run("kubectl rollout history deploy/api");
    assert!(history.contains("1         release v1: a change\n2         release v2: a change\n"), "{history}");
    assert!(d.run("release status api").starts_with("production  v2\nprevious    v1\n"));
    let tags: Vec<String> = d.run("git tag").lines().map(str::to_owned).collect();
    assert_eq!(tags, ["v1", "v2"]);
    assert!(d.run("git log --oneline").lines().next().is_some_and(|l| l.contains("tag: v2")));
    assert!(d.run("helm list").contains("v2"));
    let image = d.run("kubectl get deploy api -o jsonpath='{.spec.template.spec.containers[0].image}'");
    assert_eq!(image.trim(), "registry.internal/api:v2");
}

#[test]
fn a_killed_replica_is_oomkilled_then_crash_looping_and_says_so_everywhere() {
    let mut d = Desk::new(scenario(4));
    let fault = CapacityFault::MemoryLeak { service: "api".into(), per_s: 60 << 20, per_request: 0 };
    d.begin_fault(Fault::Capacity(fault));
    d.wait(90);
    let pods = d.run("kubectl get pods");
    assert!(pods.contains("OOMKilled") || pods.contains("CrashLoopBackOff") || pods.contains(" ago)"), "{pods}");
    let reason = "{.items[*].status.containerStatuses[0].lastState.terminated.reason}";
    let found = d.run(&format!("kubectl get pods -o jsonpath='{reason}'"));
    let page = d.run("kubectl describe pod api");
    assert!(
        found.contains("OOMKilled") && page.contains("Reason:       OOMKilled\n      Exit Code:    137"),
        "{found} {page}"
    );
    assert!(d.run("kubectl get events").contains("Back-off restarting failed container api in pod"));
    // More memory is a new revision, and mends it for a while.
    d.run("kubectl set resources deploy/api --limits=memory=8Gi");
    d.run("kubectl rollout status deploy/api --timeout=120s");
    let limit =
        d.run("kubectl get deploy api -o jsonpath='{.spec.template.spec.containers[0].resources.limits.memory}'");
    assert_eq!(limit.trim(), "8Gi");
    d.wait(20);
    assert_eq!(ready(&d), 4, "{}", d.run("kubectl get pods"));
}

#[test]
fn every_kind_in_json_is_json_and_in_yaml_comes_back() {
    let mut d = Desk::new(scenario(3));
    for kind in ["all", "pods", "deploy", "rs", "svc", "ep", "no", "ev", "ns", "cm", "pdb", "ing", "ds", "sa", "hpa"] {
        let text = d.run(&format!("kubectl get {kind} -A -o json"));
        let v: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{kind}: {e}: {text}"));
        assert_eq!(v["kind"], "List", "{kind}");
    }
    d.run("kubectl get deploy api -o yaml > api.yaml");
    assert_eq!(d.run("kubectl apply -f api.yaml"), "deployment.apps/api unchanged\n");
    d.run("sed -i 's/replicas: 3/replicas: 5/' api.yaml");
    d.run("sed 's/replicas: 3/replicas: 5/' api.yaml > b.yaml");
    assert_eq!(d.run("kubectl apply -f b.yaml"), "deployment.apps/api configured\n");
    assert_eq!(d.world_replicas().1, 5);
    assert_eq!(d.run("kubectl delete deployment api"), "deployment.apps \"api\" deleted\n");
    assert!(d.run("kubectl get deploy").contains("No resources found in default namespace."));
    d.wait(10);
    assert_eq!(d.world_replicas(), (0, 0));
    assert_eq!(d.run("kubectl apply -f b.yaml"), "deployment.apps/api created\n");
    d.wait(30);
    assert_eq!(d.world_replicas(), (5, 5));
}

#[test]
fn containers_on_a_node_are_its_processes_and_its_pods() {
    let mut d = Desk::new(scenario(4));
    let pods = d.run(
        "kubectl get po -o jsonpath='{range .items[?(@.spec.nodeName==\"web-2\")]}{.metadata.name}{\"\\n\"}{end}'",
    );
    let n = pods.lines().filter(|l| !l.is_empty()).count();
    assert!(n > 0, "{pods}");
    d.begin("ssh web-2");
    d.wait(2);
    let docker = d.run("docker ps");
    let crictl = d.run("crictl ps");
    let ps = d.run("ps aux");
    for p in pods.lines().filter(|l| !l.is_empty()) {
        assert!(docker.contains(p) && crictl.contains(p), "{p}: {docker} {crictl}");
    }
    assert_eq!(ps.matches("/app/api").count(), n, "{ps}");
    let id = d.run("docker ps -q").lines().next().unwrap_or_default().to_owned();
    let v: serde_json::Value = serde_json::from_str(&d.run(&format!("docker inspect {id}"))).expect("JSON");
    assert!(ps.contains(&v[0]["State"]["Pid"].to_string()), "{ps}");
    assert!(d.run("kubectl get pods").contains("localhost:8080 was refused"), "no kubeconfig on a node");
}

#[test]
fn logs_of_replicas_divide_the_lines_of_their_service() {
    let mut d = Desk::new(scenario(3));
    d.wait(60);
    let names: Vec<String> = d.run("kubectl get po -o name").lines().map(str::to_owned).collect();
    let each: Vec<Vec<String>> = names
        .iter()
        .map(|n| d.run(&format!("kubectl logs {n} --timestamps")).lines().map(str::to_owned).collect())
        .collect();
    assert!(each.iter().all(|l| l.len() > 10), "{:?}", each.iter().map(Vec::len).collect::<Vec<_>>());
    let mut all: Vec<&String> = each.iter().flatten().collect();
    let n = all.len();
    all.sort();
    all.dedup();
    assert!(all.len() * 100 >= n * 97, "no line is of two replicas: {} of {n}", all.len());
    assert!(d.run("kubectl logs nope").contains("Error from server (NotFound): pods \"nope\" not found"));
    assert!(d.run(&format!("kubectl logs {} -p", names[0])).contains("previous terminated container \"api\" in pod"));
}

#[test]
fn a_shell_in_a_container_is_another_host_and_exit_returns() {
    let mut d = Desk::new(scenario(3));
    let pod = d.run("kubectl get po -o jsonpath='{.items[0].metadata.name}'").trim().to_owned();
    d.begin(&format!("kubectl exec -it {pod} -- sh"));
    d.wait(1);
    d.begin("hostname");
    d.wait(1);
    assert!(d.printed().contains(&pod));
    d.begin("exit");
    d.wait(2);
    d.printed();
    assert!(!d.run("hostname").contains(&pod));
    let gone = d.run("kubectl exec nope -- ls");
    assert_eq!(gone, "Error from server (NotFound): pods \"nope\" not found\n");
}

#[test]
fn the_world_is_not_asked_twice_by_a_rollout_that_cannot_pull() {
    let mut d = Desk::new(scenario(4));
    assert_eq!(
        d.run("kubectl set image deploy/api api=registry.internal/api:nope"),
        "deployment.apps/api image updated\n"
    );
    d.wait(40);
    let pods = d.run("kubectl get pods");
    assert!(pods.contains("ImagePullBackOff") || pods.contains("ErrImagePull"), "{pods}");
    assert!(ready(&d) >= 3, "those that run go on: {pods}");
    let said = d.run("kubectl rollout status deploy/api --timeout=5s");
    assert!(said.ends_with("error: timed out waiting for the condition\n"), "{said}");
    d.run("kubectl rollout undo deploy/api");
    d.run("kubectl rollout status deploy/api");
    assert_eq!(ready(&d), 4);
}

#[test]
fn an_autoscaler_is_described_with_the_policy_that_its_scenario_declares() {
    let scaled = |settle: u64, scale_in: ScaleInSpec| {
        let mut s = scenario(4);
        let managed = s.world.capacity.services.get_mut("api").and_then(|c| c.managed.as_mut()).expect("managed");
        managed.autoscale = Some(AutoscaleSpec {
            min: 2,
            max: 12,
            metric: ScaleMetric::Cpu,
            target: 70,
            every: Span(15),
            settle: Span(settle),
            scale_in,
        });
        let mut d = Desk::new(s);
        d.wait(60);
        d
    };
    // Nobody said anything of it: kubectl prints no behavior then.
    let mut d = scaled(300, ScaleInSpec::default());
    let page = d.run("kubectl describe hpa api");
    assert!(!page.contains("Behavior") && !d.run("kubectl get hpa api -o yaml").contains("behavior"), "{page}");
    let mut d = scaled(120, ScaleInSpec { most: Some(1), cooldown: Span(60), ..ScaleInSpec::default() });
    let page = d.run("kubectl describe hpa api");
    let at = page.find("Min replicas").expect("a row");
    let total = d.run("kubectl get hpa api -o jsonpath='{.status.currentReplicas}'");
    // Laid out as kubectl does: neighbouring rows share their columns, those of the last policy and of the pods too.
    let expected = format!(
        "Min replicas:                                          2
Max replicas:                                          12
Behavior:
  Scale Up:
    Stabilization Window: 0 seconds
    Select Policy: Max
    Policies:
      - Type: Pods     Value: 4    Period: 15 seconds
      - Type: Percent  Value: 100  Period: 15 seconds
  Scale Down:
    Stabilization Window: 120 seconds
    Select Policy: Max
    Policies:
      - Type: Pods  Value: 1  Period: 60 seconds
Deployment pods:    {total} current / {} desired
Conditions:
",
        d.world_replicas().1
    );
    assert_eq!(page.get(at..at + expected.len()), Some(expected.as_str()), "{page}");
    assert!(page.contains("  resource cpu on pods  (as a percentage of request):  "), "{page}");
    assert!(page.contains("\nReference:                                             Deployment/api\n"), "{page}");
    let down = d.run("kubectl get hpa api -o jsonpath='{.spec.behavior.scaleDown}'");
    let down: serde_json::Value = serde_json::from_str(&down).expect("JSON");
    let policy = serde_json::json!([{ "type": "Pods", "value": 1, "periodSeconds": 60 }]);
    assert_eq!((&down["policies"], &down["stabilizationWindowSeconds"]), (&policy, &serde_json::json!(120)));
}
