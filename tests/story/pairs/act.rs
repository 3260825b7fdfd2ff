//! What somebody does with a subject, and how: by words, with a form, or with a button. `NO` is the subject's number.

/// Fields and what is typed into them.
pub type Fields = &'static [(&'static str, &'static str)];

/// One act.
#[derive(Clone, Copy)]
pub struct Act {
    pub who: &'static str,
    /// A command, or the name of a button.
    pub line: &'static str,
    pub by: By,
}

/// How it is brought in.
#[derive(Clone, Copy)]
pub enum By {
    /// An event of the messenger.
    Words,
    /// A command with its form, as a program calls it.
    Form(Fields),
    /// The same with the form of a request, of which these fields are otherwise.
    Request(Fields),
    /// On the newest card that has the button.
    Button(Fields),
}

/// A line in the chat.
pub const fn says(who: &'static str, line: &'static str) -> Act {
    Act { who, line, by: By::Words }
}

/// A form that is handed in.
pub const fn fills(who: &'static str, line: &'static str, fields: Fields) -> Act {
    Act { who, line, by: By::Form(fields) }
}

/// The form of a request that is handed in.
pub const fn writes(line: &'static str, otherwise: Fields) -> Act {
    Act { who: "zhang.wei", line, by: By::Request(otherwise) }
}

/// A button that is pressed.
pub const fn presses(who: &'static str, button: &'static str, fields: Fields) -> Act {
    Act { who, line: button, by: By::Button(fields) }
}

/// A state in which more than one thing can be done.
pub struct State {
    /// As people call it.
    pub name: &'static str,
    /// How the subject begins: a form of a program, whose answer names it.
    pub begins: Act,
    /// What is done with it until it is in the state.
    pub way: &'static [Act],
    /// What can be done then: each of it, as the first.
    pub acts: &'static [Act],
}
