//! egui: panels as pure functions of a view-model.
