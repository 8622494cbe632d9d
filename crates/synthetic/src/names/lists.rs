//! The lists that names are drawn from: common given names by generation and tradition, and common family names, commonest
//! roughly first. Our own choice of what everybody knows; nobody's register was read for them. Must hold nothing else.

use std::sync::OnceLock;

/// Names, written as a line of words.
pub(super) struct List {
    words: &'static str,
    split: OnceLock<Vec<&'static str>>,
}

impl List {
    const fn of(words: &'static str) -> Self {
        Self { words, split: OnceLock::new() }
    }

    /// The names one by one.
    pub(super) fn names(&self) -> &[&'static str] {
        self.split.get_or_init(|| self.words.split_ascii_whitespace().collect())
    }
}

pub(super) static WOMEN_1925: List = List::of(
    "Margaret Mary Joan Doris Kathleen Joyce Dorothy Jean Irene Barbara Sheila Betty Edna Marjorie Audrey Brenda \
     Hilda Elsie Eileen Vera Patricia Nora Beryl Muriel Winifred Gladys Peggy Edith Phyllis Ethel Rita Marion Lilian \
     Olive Freda Mavis Stella Constance Nellie Annie",
);
pub(super) static WOMEN_1945: List = List::of(
    "Susan Margaret Christine Patricia Linda Jean Carol Ann Maureen Barbara Judith Janet Pauline Sandra Jacqueline \
     Valerie Elizabeth Kathleen Sheila Marilyn Gillian Brenda Pamela Lesley Hazel Anne Eileen Lynda Diane Irene \
     Glenys Wendy Dorothy Rosemary Josephine Marian Veronica Hilary Lynne Beryl",
);
pub(super) static WOMEN_1965: List = List::of(
    "Julie Karen Susan Deborah Tracey Jane Helen Sharon Alison Joanne Jacqueline Amanda Lisa Nicola Sarah Michelle \
     Tracy Angela Paula Dawn Elaine Claire Lorraine Beverley Andrea Catherine Wendy Gail Caroline Donna Sally Maxine \
     Debra Anita Louise Heather Joanna Samantha Lynn Rachel",
);
pub(super) static WOMEN_1985: List = List::of(
    "Sarah Laura Emma Gemma Rebecca Rachel Katie Samantha Charlotte Lauren Amy Jessica Hannah Stephanie Kirsty \
     Natalie Danielle Kelly Vicky Jennifer Leanne Victoria Hayley Zoë Chloe Sophie Lucy Bethany Megan Emily Stacey \
     Jade Abigail Naomi Heather Georgina Lindsay Kayleigh Alice Helen",
);
pub(super) static WOMEN_2005: List = List::of(
    "Olivia Amelia Isla Emily Ava Lily Sophia Grace Freya Evie Ella Mia Poppy Charlotte Isabella Florence Ivy Willow \
     Elsie Sienna Chloe Ruby Phoebe Daisy Millie Matilda Rosie Evelyn Alice Jessica Erin Imogen Maisie Niamh Chloë \
     Harriet Eva Thea Ellie Lola",
);
pub(super) static MEN_1925: List = List::of(
    "John William James Kenneth Ronald George Thomas Robert Joseph Frank Eric Harold Arthur Albert Leslie Stanley \
     Peter Dennis Fred Jack Raymond Norman Ernest Gordon Frederick Edward Alan Geoffrey Douglas Roy Bernard Derek \
     Sidney Harry Walter Donald Cyril Charles Herbert Reginald",
);
pub(super) static MEN_1945: List = List::of(
    "David John Peter Michael Alan Robert Stephen Brian Anthony Keith Graham Roger Terence Barry William Derek Colin \
     Geoffrey Philip Raymond Malcolm Kenneth Trevor Roy Dennis Christopher James Eric Richard Ian Leslie Clive Norman \
     Gordon Stuart Francis Thomas Bernard Neil Edward",
);
pub(super) static MEN_1965: List = List::of(
    "Paul David Andrew Mark Stephen Ian Gary Steven Neil Michael Kevin Simon Peter Robert John Nigel Martin Philip \
     Anthony Darren Jason Wayne Richard Christopher Carl Craig Lee Stuart Sean Barry Adrian Julian Graham Timothy \
     Jonathan Matthew Shaun Dean Karl Alan",
);
pub(super) static MEN_1985: List = List::of(
    "James Daniel Christopher Matthew Michael Thomas Adam Andrew Ryan Joshua Luke Lee Craig Jonathan Benjamin Jack \
     Joseph Liam Stephen Samuel Robert Ashley Nathan Gareth Alexander Anthony Jamie Scott Lewis Aaron Kieran Phillip \
     Peter Carl Oliver George Simon Martin Stuart William",
);
pub(super) static MEN_2005: List = List::of(
    "Oliver Jack Harry George Noah Charlie Jacob Alfie Freddie Oscar Leo Logan Archie Theo Thomas James Henry Joshua \
     William Max Lucas Ethan Arthur Isaac Mason Finley Daniel Teddy Jude Samuel Harrison Dylan Reuben Sebastian Toby \
     Louie Elliot Jenson Ellis Zachary",
);
pub(super) static IRISH_WOMEN: List =
    List::of("Bridget Siobhán Niamh Aoife Róisín Sinéad Nuala Gráinne Deirdre Maeve Ciara Noreen Bernadette Orla");
pub(super) static IRISH_MEN: List =
    List::of("Patrick Seán Liam Declan Brendan Kieran Eamonn Cormac Conor Niall Dermot Finbarr Aidan Ciarán");
pub(super) static POLISH_WOMEN: List = List::of(
    "Anna Katarzyna Agnieszka Małgorzata Magdalena Joanna Monika Zofia Ewa Julia Aleksandra Natalia Zuzanna Halina \
     Irena",
);
pub(super) static POLISH_MEN: List = List::of(
    "Piotr Krzysztof Tomasz Paweł Marcin Michał Łukasz Jakub Wojciech Grzegorz Stanisław Mateusz Jan Filip Zbigniew",
);
pub(super) static MUSLIM_WOMEN: List = List::of(
    "Fatima Aisha Ayesha Zainab Sana Saima Nazia Shazia Maryam Khadija Amina Noor Rukhsana Nasreen Hafsa Iqra Sadia \
     Bushra Shabana Yasmin",
);
pub(super) static MUSLIM_MEN: List = List::of(
    "Mohammed Muhammad Ali Ahmed Imran Asif Tariq Hassan Hamza Usman Bilal Ibrahim Omar Yusuf Nadeem Javed Khalid \
     Zahid Shahid Adeel",
);
pub(super) static INDIAN_WOMEN: List = List::of(
    "Priya Anita Meena Sunita Kavita Neha Pooja Asha Lakshmi Nisha Rekha Anjali Divya Geeta Harpreet Jasmine Saroj \
     Usha",
);
pub(super) static INDIAN_MEN: List = List::of(
    "Raj Amit Sanjay Rahul Anil Suresh Vijay Arjun Rohan Sunil Ravi Deepak Harjit Gurpreet Nikhil Ashok Kiran Dev",
);
pub(super) static AFRICAN_WOMEN: List = List::of(
    "Grace Blessing Ngozi Amina Abena Adaeze Chioma Folasade Esther Mercy Thandiwe Zainab Patience Efua Yetunde",
);
pub(super) static AFRICAN_MEN: List =
    List::of("Emmanuel Kwame Chidi Samuel Tunde Kofi Oluwaseun Joseph Ibrahim Tendai Emeka Daniel Yaw Babatunde Abdi");
pub(super) static EUROPEAN_WOMEN: List =
    List::of("Maria Elena Ana Sofia Giulia Ioana Chiara Anaïs Ingrid Katerina Inês Simona Petra Hélène Carmen");
pub(super) static EUROPEAN_MEN: List =
    List::of("Marco José Luca Andrei Nikolaos João André Stefan Jürgen François Mihai Tomáš Antonio Lars Dimitrios");
pub(super) static BRITISH: List = List::of(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts \
     Green Hall Wood Jackson Clarke Harrison Hughes Turner Cooper Hill Ward Moore Clark Bradshaw Ashworth Shaw \
     Hibbert Kay Holt Booth Marsh Hyde Leigh Barlow Lomas Swindells Bancroft Bennett Higginbotham Heathcote Hallam \
     Garside Ogden Schofield Whittaker Butterworth Kershaw Greenhalgh Crompton Entwistle Rothwell Fielding Buckley \
     Wild Mellor Bailey Chadwick Oldham Ridgway Etchells Royle Hulme Brocklehurst Burgess Cheetham Kelsall Hampson \
     Worthington Bardsley Wainwright Hadfield Hough Platt Sidebottom Goddard Pickford Mottram Wardle Cartwright \
     Gibson Hargreaves Lees Massey Nuttall Openshaw Pearson Rhodes Stafford Tattersall Unsworth Varley Warburton \
     Yates Armitage Birch Brierley Clegg Dawson Eccles Fletcher Gregory Haslam Ingham Jepson Knowles Lowe Morris \
     Newton Ollerenshaw Parker Riley Sutcliffe Thorpe Walton Allen Andrews Atkinson Barker Bell Carter Chapman \
     Collins Cook Cox Davis Dixon Edwards Ellis Foster Fox Gray Griffiths Harris Harvey Henderson Holmes Hunt James \
     Johnston Kelly King Knight Lee Lewis Lloyd Marshall Martin Mason Matthews Mills Mitchell Morgan Murray Palmer \
     Phillips Poole Powell Price Reid Richards Richardson Rogers Russell Scott Simpson Stevens Stewart Stone Thomas \
     Watson Webb West Wilkinson Young",
);
pub(super) static IRISH: List = List::of(
    "Kelly Murphy O'Brien O'Neill Byrne Ryan O'Connor Walsh Doyle McCarthy Gallagher Doherty Kennedy Lynch Murray \
     Quinn Moore McLoughlin O'Carroll Connolly Daly O'Connell Wilson Dunne Brennan Burke Collins Farrell Fitzgerald \
     Flynn Hughes Keane Maguire McDonagh McGrath Nolan O'Donnell O'Reilly O'Shea O'Sullivan Power Regan Sweeney \
     Tierney",
);
pub(super) static POLISH: List = List::of(
    "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski \
     Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Król Wieczorek",
);
pub(super) static PAKISTANI: List = List::of(
    "Khan Hussain Ahmed Ali Malik Iqbal Mahmood Akhtar Begum Shah Mirza Butt Chaudhry Sheikh Qureshi Raja Aslam \
     Rashid Siddiqui Hassan Rehman Bibi Rafiq Saleem Yousaf Zaman Uddin Rahman Miah Chowdhury",
);
pub(super) static INDIAN: List = List::of(
    "Patel Singh Kaur Sharma Shah Kumar Gupta Mistry Desai Mehta Joshi Nair Reddy Rao Thomas Das Chauhan Parmar Verma \
     Iyer Menon Fernando Perera Tamang",
);
pub(super) static CHINESE: List =
    List::of("Chan Wong Li Lee Wang Chen Zhang Liu Cheung Lam Ng Ho Leung Lau Yang Huang Tang Yip Tsang Zhao");
pub(super) static AFRICAN: List = List::of(
    "Okafor Mensah Adeyemi Ibrahim Okeke Osei Moyo Ncube Adebayo Mohamed Owusu Abdi Eze Boateng Nkosi Ogunleye Kamara \
     Sesay Asante Balogun",
);
pub(super) static ARAB: List =
    List::of("Al-Hassan Al-Amin Haddad Khoury Mansour Saleh Al-Khatib Nasser Farah Hamdan Darwish Abdullah");
pub(super) static EUROPEAN: List = List::of(
    "Popescu Ferreira Rossi García Müller Silva Papadopoulos Ionescu Dubois Novák Santos Andersen Costa Horváth \
     Jansen Petrov Fernández Schäfer Weiss Bianchi",
);
pub(super) static CHINESE_WOMEN: List = List::of("Mei Ling Xin Yan Hui Wai-Ling Siu Ying Jia Lan Qing Yuk Min Hong");
pub(super) static CHINESE_MEN: List = List::of("Wei Jun Ming Chi-Wai Hao Kwok Lei Jian Tao Kin Yong Chun Feng Long");
