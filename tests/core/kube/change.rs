//! What kubectl changes, refuses, and leaves going on.

use super::{Desk, scenario};

#[test]
fn a_drain_waits_for_the_budget_and_is_left_half_done_by_ctrl_c() {
    let mut d = Desk::new(scenario(4));
    let refused = d.run("kubectl drain web-1");
    assert!(refused.contains("cannot delete DaemonSet-managed Pods"), "{refused}");
    assert!(d.run("kubectl get no web-1").contains("Ready,SchedulingDisabled"));
    d.begin("kubectl drain web-1 --ignore-daemonsets");
    d.wait(3);
    d.interrupt();
    let said = d.printed();
    assert!(said.contains("evicting pod default/api-") && said.contains("disruption budget"), "{said}");
    assert!(!said.contains("drained"), "{said}");
    d.wait(60);
    let left = d.run("kubectl get po -o wide");
    assert_eq!(left.matches("web-1").count(), 1, "one was evicted, the other stays: {left}");
    assert!(d.run("kubectl drain web-1 --ignore-daemonsets").ends_with("node/web-1 drained\n"));
    assert!(!d.run("kubectl get po -o wide").contains("web-1"));
    assert_eq!(d.run("kubectl uncordon web-1"), "node/web-1 uncordoned\n");
    assert_eq!(d.run("kubectl uncordon web-1"), "node/web-1 already uncordoned\n");
}

#[test]
fn ctrl_c_ends_the_looking_and_not_the_rollout() {
    let mut d = Desk::new(scenario(4));
    d.run("kubectl rollout restart deploy/api");
    d.begin("kubectl rollout status deploy/api");
    d.wait(2);
    d.interrupt();
    assert!(d.printed().contains("Waiting for deployment \"api\" rollout to finish"));
    d.wait(90);
    assert_eq!(d.run("kubectl rollout status deploy/api"), "deployment \"api\" successfully rolled out\n");
}

#[test]
fn a_paused_rollout_stands_still_and_refuses_what_kubectl_refuses() {
    let mut d = Desk::new(scenario(8));
    d.run("kubectl set image deploy/api api=registry.internal/api:v2");
    d.wait(14);
    assert_eq!(d.run("kubectl rollout pause deploy/api"), "deployment.apps/api paused\n");
    d.wait(20);
    let updated =
        |d: &mut Desk| d.run("kubectl get deploy api -o jsonpath='{.status.updatedReplicas}'").trim().to_owned();
    let before = updated(&mut d);
    d.wait(60);
    assert_eq!(updated(&mut d), before);
    assert!(before != "8" && before != "0", "{before}");
    let said = d.run("kubectl rollout undo deploy/api");
    assert!(said.contains("you cannot rollback a paused deployment"), "{said}");
    assert!(d.run("release status api").contains("v1"));
    assert_eq!(d.run("kubectl rollout resume deploy/api"), "deployment.apps/api resumed\n");
    d.run("kubectl rollout status deploy/api");
    assert_eq!(updated(&mut d), "8");
}

#[test]
fn the_wrong_context_is_another_cluster_and_the_file_says_which() {
    let mut d = Desk::new(scenario(3));
    assert_eq!(d.run("kubectl config current-context"), "prod\n");
    assert_eq!(d.run("kubectl config use-context staging"), "Switched to context \"staging\".\n");
    assert!(d.run("cat ~/.kube/config").contains("current-context: staging"));
    assert_eq!(d.run("kubectl get po --no-headers | wc -l").trim(), "1");
    let said = d.run("kubectl delete deploy api");
    assert!(said.contains("(Forbidden)"), "{said}");
    assert!(d.run("kubectl --context prod get po --no-headers | wc -l").trim() == "3");
    assert_eq!(d.run("kubectl config use-context nope"), "error: no context exists with the name: \"nope\"\n");
    d.run("kubectl config use-context prod");
    assert_eq!(d.run("kubectl delete deploy api"), "deployment.apps \"api\" deleted\n");
}

#[test]
fn without_a_permission_the_cluster_forbids_and_the_world_is_as_it_was() {
    let mut s = scenario(3);
    s.you.may.clear();
    let mut d = Desk::new(s);
    let said = d.run("kubectl scale deploy/api --replicas=0");
    assert!(said.starts_with("Error from server (Forbidden): deployments.apps \"api\" is forbidden: User \"oncall\" cannot patch resource \"deployments\" in API group \"apps\" in the namespace \"default\""), "{said}");
    assert_eq!(d.world_replicas(), (3, 3));
    assert_eq!(d.run("kubectl auth can-i delete pods"), "no\n");
    assert_eq!(d.run("kubectl auth can-i get pods"), "yes\n");
    assert!(d.run("kubectl cordon web-1").contains("cannot patch resource \"nodes\""));
}

#[test]
fn patches_change_what_they_name_and_refuse_the_rest() {
    let mut d = Desk::new(scenario(3));
    assert_eq!(d.run("kubectl patch deploy api -p '{\"spec\":{\"replicas\":4}}'"), "deployment.apps/api patched\n");
    assert_eq!(
        d.run("kubectl patch deploy api -p '{\"spec\":{\"replicas\":4}}'"),
        "deployment.apps/api patched (no change)\n"
    );
    assert_eq!(d.world_replicas().1, 4);
    assert!(
        d.run("kubectl patch deploy api -p '{\"spec\":{\"strategy\":{\"type\":\"Recreate\"}}}'")
            .contains("not simulated")
    );
    assert_eq!(
        d.run(
            "kubectl patch deploy api --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":2}]'"
        ),
        "deployment.apps/api patched\n"
    );
    assert_eq!(d.world_replicas().1, 2);
}

#[test]
fn a_release_by_its_own_tool_is_a_rollout_of_replicas() {
    let mut d = Desk::new(scenario(4));
    d.run("release promote api v2");
    let moving = d.run("kubectl rollout status deploy/api --watch=false");
    assert!(moving.starts_with("Waiting for deployment \"api\" rollout to finish"), "{moving}");
    assert!(d.run("rollout status").contains("v1 -> v2"));
    d.run("kubectl rollout status deploy/api");
    d.wait(2);
    assert!(d.run("release status api").starts_with("production  v2"));
    d.run("deploy rollback api");
    d.run("kubectl rollout status deploy/api");
    d.wait(2);
    assert!(d.run("release status api").starts_with("production  v1"));
}
