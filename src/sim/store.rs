//! Data stores: members that replicate by position in a write-ahead log, elections, connections, vacuum, backups.
//!
//! Writes are whole numbers and every one of them is somewhere: on a member, in a backup, or counted as lost. A position
//! counts writes since the database was made; a timeline is the history that a promotion begins.

mod act;
mod backup;
mod elect;
mod plan;
mod press;
mod read;
mod replicate;
mod said;
mod session;
mod start;
mod state;
mod work;
mod world;

pub(super) use world::plans;

pub use act::Begun;
pub use plan::{MemberPlan, SEGMENT, StorePlan, WARN_XIDS, WRAP_XIDS};
pub use press::StoreWeight;
pub use read::{
    ActivityRow, BackupRow, LockRow, MemberRow, ReplicationRow, StoreInfo, StoreMetrics, TableRow, WorkRow,
};
pub use state::{Around, Broken, Line, Role, Seen, StoreState};

use crate::fact::FactKind;

impl StoreState {
    /// One second of everything that moves: elections, writes, replication, log on disk, transaction IDs, work.
    pub fn step(&mut self, plan: &StorePlan, around: &Around, facts: &mut Vec<FactKind>) {
        self.now = around.now;
        // What was answered in this second was taken by those who took writes when it began.
        self.accept(plan, around);
        self.sense(plan, around, facts);
        self.elect(plan, around, facts);
        self.replicate(plan, around);
        self.wear(plan, facts);
        self.work(plan, facts);
        self.sessions(plan, around);
        self.say(plan, facts);
    }

    /// One second in which only sessions come and go: the ordinary life before the opening.
    pub fn idle(&mut self, plan: &StorePlan, around: &Around) {
        self.now = around.now;
        self.sessions(plan, around);
    }

    /// States what has changed since it was last said.
    fn say(&mut self, plan: &StorePlan, facts: &mut Vec<FactKind>) {
        let word = self.word(plan);
        if word != self.said {
            self.said = word;
            facts.push(changed(format!("store {}", plan.name), word));
        }
        for at in 0..self.members.len() {
            let word = self.member_word(at);
            if let (Some(m), Some(spec)) = (self.members.get_mut(at), plan.members.get(at))
                && m.said != word
            {
                m.said = word;
                facts.push(changed(format!("member {}:{}", plan.name, spec.name), word));
            }
        }
    }
}

fn changed(component: String, to: &str) -> FactKind {
    FactKind::StateChanged { component, to: to.to_owned() }
}
